#include "tools/kernel_lab/list.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/io/json_text.h"
#include "kernels/verify/executions.h"

namespace duel::lab {
namespace {

// Of the cases asked for: how many a variant supports on this device, and for how many of training it would run.
struct Support {
  std::size_t cases = 0, training_cases = 0, preferred = 0;
  bool is_unknown = false;  ///< a kernel file fails to answer; verify tells how
};

Support support_of(const Lab& lab, const Choice& choice, const std::string& variant) {
  const auto cases = choice.op->cases();
  Support support;
  for (const std::size_t number : choice.cases) {
    try {
      if (choice.op->supports(lab.kernels, variant, number)) ++support.cases;
    } catch (const ForeignCodeError&) {
      support.is_unknown = true;
      verify::forget_device_fault();  // no kernel has run
    }
    if (!cases.at(number).of_training) continue;
    ++support.training_cases;
    if (preferred_variant(*choice.op, lab.kernels, number) == variant) ++support.preferred;
  }
  return support;
}

std::string of_text(std::size_t part, std::size_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

std::string devices_text(const VariantInfo& variant) {
  if (variant.for_cpu && variant.for_gpus) return "cpu, cuda";
  return variant.for_cpu ? "cpu" : "cuda";
}

std::string preferred_text(const Support& support) {
  if (support.preferred == 0) return "";
  return support.preferred == support.training_cases ? "yes" : of_text(support.preferred, support.training_cases);
}

/// The axes of the ops that somebody named: what bench --shape takes.
std::string axes_text(const Lab& lab, const Filter& filter) {
  std::string text;
  for (const auto& op : lab.ops) {
    if (std::find(filter.ops.begin(), filter.ops.end(), op->name()) == filter.ops.end()) continue;
    std::string axes;
    for (const Axis& axis : op->axes()) axes += std::string(" ") + axis.name + "=" + std::to_string(axis.usual);
    text += "axes of " + op->name() + " for bench --shape:" + (axes.empty() ? " none" : axes) + "\n";
  }
  return text;
}

}  // namespace

int run_list(const ListOptions& options, const Lab& lab, std::ostream& out) {
  using enum Column::Kind;
  Table table({{"op", heading}, {"variant"}, {"devices"}, {"cases here", number}, {"preferred"}, {"idea"}});
  Delivery delivery(options.output, "list", table, {options.lab.kernel_files.begin(), options.lab.kernel_files.end()});
  auto rows = nlohmann::ordered_json::array();
  for (const Choice& choice : choose(lab, options.filter)) {
    for (const VariantInfo& variant : choice.variants) {
      const Support support = support_of(lab, choice, variant.name);
      table.add({choice.op->name(), variant.name, devices_text(variant),
                 support.is_unknown ? "unknown" : of_text(support.cases, choice.cases.size()), preferred_text(support),
                 variant.idea});
      rows.push_back({{"op", choice.op->name()},
                      {"variant", variant.name},
                      {"idea", variant.idea},
                      {"for_cpu", variant.for_cpu},
                      {"for_cuda", variant.for_gpus},
                      {"from_outside", variant.from_outside},
                      {"cases", choice.cases.size()},
                      {"supported_cases", support.cases},
                      {"training_cases", support.training_cases},
                      {"preferred_for_training_cases", support.preferred}});
    }
  }
  if (table.rows() == 0) throw std::invalid_argument("no op has such a variant and such a case");
  const nlohmann::ordered_json json = {
      {"format", "kernel_lab list 1"}, {"device", lab.device.name}, {"variants", rows}};
  delivery.deliver({.introduction = device_text(lab) + "\n\n",
                    .table = std::move(table),
                    .conclusion = "\ncases here: supported on this device; preferred: what training runs on it\n" +
                                  axes_text(lab, options.filter),
                    .json = json_text(json, 2)},
                   out);
  return kAllWell;
}

void add_list(CLI::App& app, Command& command) {
  const auto options = std::make_shared<ListOptions>();
  CLI::App* list = app.add_subcommand("list", "Show ops and variants, and which of them runs where.");
  add_filter_options(*list, options->filter);
  add_lab_options(*list, options->lab);
  add_output_options(*list, options->output);
  list->callback([options, &command] {
    command = [options](std::ostream& out, std::ostream&) { return run_list(*options, open_lab(options->lab), out); };
  });
}

}  // namespace duel::lab
