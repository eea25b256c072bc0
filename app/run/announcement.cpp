#include "app/run/announcement.h"

#include <algorithm>

#include "app/run/plan_report.h"

namespace duel::app {
namespace {

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
  if (!options.profile_iterations.is_empty()) lines.push_back("profile " + window_text(options.profile_iterations));
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

}  // namespace duel::app
