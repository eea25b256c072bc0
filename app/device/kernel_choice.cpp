#include "app/device/kernel_choice.h"

#include <algorithm>
#include <iostream>

#include "engine/configuration/config_names.h"
#include "engine/tuning/tuning_cache.h"
#include "files/suggest.h"
#include "files/text.h"
#include "kernels/catalog.h"
#include "kernels/external/external_kernels.h"

namespace duel::app {
namespace {

/// Suggests the op that `choice` may have meant, or the variant if there is such an op.
std::string suggestion(const KernelSelection& selection, const std::string& choice) {
  const std::size_t equals = std::min(choice.find('='), choice.size());
  const std::string op = choice.substr(0, equals);
  std::vector<std::string> ops, variants;
  for_each_op([&](const auto& candidate) {
    ops.push_back(candidate.name);
    if (candidate.name != op) return;
    for (const auto& variant : selection.variants(candidate)) variants.push_back(variant.name);
  });
  if (equals == choice.size()) return "";
  if (variants.empty()) return did_you_mean(op, ops);
  return did_you_mean(choice.substr(equals + 1), variants);
}

}  // namespace

std::vector<std::string> choose_kernels(KernelSelection& selection, const KernelOptions& options) {
  std::vector<std::string> lines;
  for (const std::filesystem::path& file : options.files) {
    const ExternalKernels added = add_external_kernels(selection, file, std::cerr);
    std::string line = "kernel file " + added.file.string() + ", sha256 " + added.sha256 + ":";
    for (const std::string& variant : added.added) line += " " + variant;
    lines.push_back(line);
  }
  for (const std::string& choice : options.chosen) {
    try {
      selection.choose(choice);
    } catch (const std::invalid_argument& error) {
      throw SettingError("kernel", " " + excerpt(choice) + ": " + error.what() + suggestion(selection, choice));
    }
  }
  return lines;
}

std::vector<std::string> use_tuned_kernels(KernelSelection& selection, const KernelOptions& options) {
  if (options.ignore_tuned) return {};
  const auto file = tuning_cache_file();
  if (!file) return {};
  const std::string warning = prefer_tuned(selection, *file, current_tuning_key());
  if (warning.empty()) return {};
  return {warning};
}

void require_used(const KernelOptions& options, const std::vector<KernelUse>& uses, StepKind step) {
  for (const std::string& choice : options.chosen) {
    const std::string op = choice.substr(0, choice.find('='));
    if (std::any_of(uses.begin(), uses.end(), [&](const KernelUse& use) { return use.op == op; })) continue;
    std::vector<std::string> ops;
    for (const KernelUse& use : uses) {
      if (std::find(ops.begin(), ops.end(), use.op) == ops.end()) ops.push_back(use.op);
    }
    std::string message = " " + choice + ": an iteration of --step " + name_of(step) + " has no such op; it has";
    for (const std::string& there : ops) message += (there == ops.front() ? " " : ", ") + there;
    const StepKind other = step == StepKind::fused ? StepKind::plain : StepKind::fused;
    throw SettingError("kernel", message + "; --step " + name_of(other) + " has others");
  }
}

}  // namespace duel::app
