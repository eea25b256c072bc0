#include "app/commands/info.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/data/dataset_places.h"
#include "app/device/kernel_choice.h"
#include "app/settings/training_program.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "engine/training/planned_iteration.h"
#include "engine/tuning/tuning_cache.h"
#include "engine/tuning/tuning_key.h"
#include "files/optional_packages.h"
#include "files/path_text.h"
#include "files/text.h"
#include "kernels/external/library_build.h"
#include "kernels/runtime/device.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t kPlannedImages = 60'000;  // of MNIST

ordered_json device_json(const InfoOptions& options) {
  try {
    const DeviceChoice device = select_device(options.device, options.threads);
    const TuningKey key = current_tuning_key();
    return {{"name", device.name}, {"description", device.description}, {"driver", key.driver}, {"error", nullptr}};
  } catch (const CudaError& error) {
    return {{"name", nullptr}, {"description", nullptr}, {"driver", nullptr}, {"error", error.what()}};
  }
}

ordered_json libraries_json() {
  auto json = ordered_json::array();
  for (const OptionalPackage& package : optional_packages()) {
    json.push_back({{"name", package.name},
                    {"built_in", package.built_in},
                    {"purpose", package.purpose},
                    {"packages", package.packages}});
  }
  return json;
}

/// The variants of an iteration of the default preset, in its order, each once.
ordered_json kernels_json(const InfoOptions& options, std::vector<std::string>& warnings) {
  KernelSelection kernels;
  choose_kernels(kernels, options.kernels);
  warnings = use_tuned_kernels(kernels, options.kernels);
  const TrainingConfig config = preset(*options.program).training;
  kernels.set_precision(config.precision);
  plan_iteration(config, kernels, kPlannedImages);
  auto json = ordered_json::array();
  for (const KernelUse& use : kernels.uses()) {
    const ordered_json one = {{"op", use.op}, {"variant", use.variant}, {"because", std::string(name_of(use.because))}};
    if (std::find(json.begin(), json.end(), one) == json.end()) json.push_back(one);
  }
  return json;
}

ordered_json data_json(const TrainingProgram& program) {
  auto json = ordered_json::array();
  for (const DatasetPlace& place : dataset_places(program, std::nullopt)) {
    if (!place.folder) continue;
    const std::string lack = what_lacks(*place.folder);
    json.push_back(
        {{"folder", place.folder->string()}, {"origin", place.origin}, {"found", lack.empty()}, {"lack", lack}});
  }
  return json;
}

std::string text_of(const ordered_json& info) {
  const auto line = [](const std::string& name, const std::string& text) {
    return name + std::string(12 - name.size(), ' ') + text + "\n";
  };
  std::string text = info["program"].get<std::string>() + " " + info["version"].get<std::string>() + "\n\n";
  text += line("build",
               info["build"]["compiler"].get<std::string>() + ", for " + info["build"]["device"].get<std::string>());
  text += line("kernels", info["build"]["kernels"].get<std::string>());
  text += line("flags", info["build"]["command"].get<std::string>());
  std::vector<std::string> with, without;
  for (const ordered_json& one : info["libraries"])
    (one["built_in"] ? with : without).push_back(one["name"].get<std::string>());
  text += line("with", with.empty() ? "-" : joined(with));
  if (!without.empty()) text += line("without", joined(without));
  const ordered_json& device = info["device"];
  text += line("device", device["error"].is_null()
                             ? device["name"].get<std::string>() + ": " + device["description"].get<std::string>()
                             : "none: " + device["error"].get<std::string>());
  text += line("tuned", info["tuned"].is_null() ? "-" : info["tuned"].get<std::string>());
  text += "\nImages, in the order in which a command looks for them\n";
  for (const ordered_json& one : info["data"]) {
    text += "  " + path_text(one["folder"].get<std::string>()) + ": " +
            (one["found"].get<bool>() ? "found" : one["lack"].get<std::string>()) + "\n";
  }
  text += "\nKernels of an iteration of the default preset\n";
  for (const ordered_json& one : info["chosen"]) {
    const auto op = one["op"].get<std::string>();
    text += "  " + op + std::string(std::max<std::size_t>(op.size(), 20) - op.size() + 2, ' ') +
            one["variant"].get<std::string>() + " (" + one["because"].get<std::string>() + ")\n";
  }
  return text;
}

/// A line for each value, named by where it stands in the JSON: "build/device".
std::string csv_of(const ordered_json& info) {
  const ordered_json flat = info.flatten();
  std::vector<ordered_json> rows;
  for (const auto& [pointer, value] : flat.items()) rows.push_back({{"name", pointer.substr(1)}, {"value", value}});
  return rows_csv({{"name", ""}, {"value", ""}}, rows);
}

std::string printed(const ordered_json& info, ResultFormat format) {
  if (format == ResultFormat::table) return text_of(info);
  return format == ResultFormat::csv ? csv_of(info) : json_text(info, 2) + "\n";
}

}  // namespace

ExitCode info(const InfoOptions& options) {
  const BuildFacts build = build_facts();
  ordered_json json = {{"program", options.program->name},
                       {"version", DUEL_VERSION},
                       {"build",
                        {{"device", build.device},
                         {"compiler", build.compiler},
                         {"kernels", build.kernels},
                         {"command", kernel_compiler_command()}}},
                       {"device", device_json(options)},
                       {"libraries", libraries_json()}};
  std::vector<std::string> warnings;
  const bool has_device = json["device"]["error"].is_null();
  json["chosen"] = has_device ? kernels_json(options, warnings) : ordered_json::array();
  const auto tuned = tuning_cache_file();
  json["tuned"] = tuned && std::filesystem::exists(*tuned) ? ordered_json(tuned->string()) : ordered_json();
  json["data"] = data_json(*options.program);
  for (const std::string& warning : warnings) warn(*options.program, warning);
  std::cout << printed(json, options.json ? ResultFormat::json : options.format);
  return ExitCode::ok;
}

}  // namespace duel::app
