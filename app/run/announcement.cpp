#include "app/run/announcement.h"

#include <algorithm>
#include <iostream>

#include "app/report/iteration_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

std::string profile_line(const IterationWindow& window) {
  return "iterations " + std::to_string(window.begin) + " to " + std::to_string(window.end - 1) +
         ", kernel by kernel, between cudaProfilerStart and cudaProfilerStop";
}

/// How many kernels of an iteration run for which reason.
std::string kernels_line(const KernelSelection& kernels) {
  std::string text = "kernels";
  for (const auto because : {SelectedBecause::chosen, SelectedBecause::tuned, SelectedBecause::preferred}) {
    const auto count = std::count_if(kernels.uses().begin(), kernels.uses().end(),
                                     [because](const KernelUse& use) { return use.because == because; });
    text +=
        (because == SelectedBecause::chosen ? " " : ", ") + std::string(name_of(because)) + " " + std::to_string(count);
  }
  return text + "; see kernels.json";
}

}  // namespace

void announce(const TrainOptions& options, const DeviceChoice& device, std::int64_t images, RunFolder& folder,
              const KernelSelection& kernels, const std::vector<std::string>& notes, Progress& progress) {
  std::vector<std::string> lines = {
      options.program->name + " " DUEL_VERSION ", preset " + options.preset,
      "device " + device.name + ": " + device.description,
      "data " + options.data.string() + ": " + std::to_string(images) + " images",
      kernels_line(kernels),
      "run folder " + folder.path().string(),
  };
  if (!options.profile_iterations.is_empty()) lines.push_back("profile " + profile_line(options.profile_iterations));
  lines.insert(lines.end(), notes.begin(), notes.end());
  for (const std::string& line : lines) {
    progress.message(line);
    folder.log(line);
  }
}

void warn(const TrainingProgram& program, const std::vector<std::string>& warnings, RunFolder& folder) {
  for (const std::string& warning : warnings) {
    warn(program, warning);
    folder.log("warning: " + warning);
  }
}

void show_plan(const TrainOptions& options, const Plan& plan, const TrainingStart& start,
               const PlannedIteration& iteration) {
  if (!start.resumed) RunFolder::require_parent(options.outdir);
  std::cout << "data              " << options.data.string() << "\n" << describe(plan);
  if (start.resumed) {
    std::cout << "resumed           after " << start.resumed->iterations << " iterations, from "
              << start.resumed->checkpoint.string() << "\n";
  }
  if (!options.kernels.chosen.empty()) std::cout << "chosen kernels    " << joined(options.kernels.chosen) << "\n";
  if (!options.profile_iterations.is_empty()) {
    std::cout << "profile           " << profile_line(options.profile_iterations) << "\n";
  }
  std::cout << "kernels           " << kernels_text(iteration) << "\n\n" << iteration_text(iteration);
}

}  // namespace duel::app
