#include "tools/kernel_lab/lab.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "files/suggest.h"
#include "files/text.h"
#include "kernels/external/external_kernels.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel::lab {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Throws unless every wanted name is one of those that are there.
void require_known(const std::vector<std::string>& wanted, const std::vector<std::string>& there,
                   const std::string& kind) {
  for (const std::string& name : wanted) {
    if (contains(there, name)) continue;
    std::string message =
        "there is no " + kind + " " + in_quotes(name) + did_you_mean(name, there) + "\nexpected one of";
    for (const std::string& known : there) message += "\n  " + known;
    throw std::invalid_argument(message);
  }
}

std::vector<std::size_t> chosen_cases(const LabOp& op, const std::string& text) {
  const auto cases = op.cases();
  std::vector<std::size_t> exact, partly;
  for (std::size_t number = 0; number < cases.size(); ++number) {
    if (cases[number].name == text) exact.push_back(number);
    if (cases[number].name.find(text) != std::string::npos) partly.push_back(number);
  }
  return exact.empty() ? partly : exact;
}

void limit_kernels([[maybe_unused]] double seconds) {
#ifdef DUEL_CPU_DEVICE
  simt::Options options = simt::options();
  options.block_seconds = seconds;
  simt::set_options(options);
#endif
}

// Without names of ops and variants, and with kernel files: the ops that those add to.
Filter about_kernel_files(const Lab& lab, Filter filter) {
  if (!filter.ops.empty() || !filter.variants.empty()) return filter;
  for (const auto& op : lab.ops) {
    const auto variants = op->variants(lab.kernels);
    const auto from_outside = [](const VariantInfo& variant) { return variant.from_outside; };
    if (std::any_of(variants.begin(), variants.end(), from_outside)) filter.ops.push_back(op->name());
  }
  return filter;
}

}  // namespace

bool is_device_lost() {
  return cudaDeviceSynchronize() != cudaSuccess;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string with_files(const LabOptions& options) {
  std::string text;
  for (const std::string& file : options.kernel_files) text += " --with " + quoted(file);
  return text;
}

std::string verify_command(const LabOptions& options, const std::string& op, const std::string& variant,
                           const std::string& case_name, const std::string& more) {
  return "kernel_lab verify" + with_files(options) + " --op " + op + " --variant " + variant +
         (case_name.empty() ? "" : " --case " + quoted(case_name)) + more;
}

std::string replay_text(const std::string& command) {
  std::string text = "  again: " + command + "\n";
#ifdef DUEL_CPU_DEVICE
  if (!simt::is_checked()) {
    text += "  with every access checked: tools/build.sh cpu-race kernel_lab && build/cpu-race/tools/kernel_lab/" +
            command + "\n";
  }
#endif
  return text;
}

Lab open_lab(const LabOptions& options) {
  Lab lab{.options = options, .device = select_device(options.device, options.threads), .kernels = {}};
  limit_kernels(options.time_limit);
  for (const std::string& file : options.kernel_files) add_external_kernels(lab.kernels, file, std::cerr);
  return lab;
}

bool is_checked_build() {
#ifdef DUEL_CPU_DEVICE
  return simt::is_checked();
#else
  return false;
#endif
}

std::string device_text(const Lab& lab) {
  return lab.device.name + ": " + lab.device.description + (is_checked_build() ? ", checked" : "");
}

std::vector<Choice> choose(const Lab& lab, const Filter& asked) {
  const Filter filter = about_kernel_files(lab, asked);
  std::vector<std::string> op_names, variant_names;
  for (const auto& op : lab.ops) {
    op_names.push_back(op->name());
    if (!filter.ops.empty() && !contains(filter.ops, op->name())) continue;
    for (const VariantInfo& variant : op->variants(lab.kernels)) {
      if (!contains(variant_names, variant.name)) variant_names.push_back(variant.name);
    }
  }
  require_known(filter.ops, op_names, "op");
  require_known(filter.variants, variant_names, filter.ops.empty() ? "variant" : "variant of these ops");

  std::vector<Choice> choices;
  for (const auto& op : lab.ops) {
    if (!filter.ops.empty() && !contains(filter.ops, op->name())) continue;
    Choice choice{op.get(), {}, chosen_cases(*op, filter.case_text)};
    for (const VariantInfo& variant : op->variants(lab.kernels)) {
      if (filter.variants.empty() || contains(filter.variants, variant.name)) choice.variants.push_back(variant);
    }
    if (!choice.variants.empty() && !choice.cases.empty()) choices.push_back(std::move(choice));
  }
  return choices;
}

std::vector<std::string> supporting_variants(const Choice& choice, const KernelSelection& kernels, std::size_t number) {
  std::vector<std::string> names;
  for (const VariantInfo& variant : choice.variants) {
    if (choice.op->supports(kernels, variant.name, number)) names.push_back(variant.name);
  }
  return names;
}

std::string preferred_variant(const LabOp& op, const KernelSelection& kernels, std::size_t number) {
  for (const VariantInfo& variant : op.variants(kernels)) {
    if (!variant.from_outside && op.supports(kernels, variant.name, number)) return variant.name;
  }
  return "";
}

}  // namespace duel::lab
