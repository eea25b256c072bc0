// What a training says before its first iteration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/progress.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "kernels/kernel_selection.h"
#include "kernels/runtime/device.h"

namespace duel::app {

/// On the terminal and in log.txt: what is about to happen; `notes` are what else there is to know.
void announce(const TrainOptions& options, const DeviceChoice& device, std::int64_t images, RunFolder& folder,
              const KernelSelection& kernels, const std::vector<std::string>& notes, Progress& progress);

/// Shows warnings, also where progress is not wanted, and keeps them in log.txt.
void warn(const TrainingProgram& program, const std::vector<std::string>& warnings, RunFolder& folder);

}  // namespace duel::app
