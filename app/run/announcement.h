// What a training says before its first iteration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/progress.h"
#include "app/run/plan.h"
#include "app/run/training_start.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "engine/training/planned_iteration.h"
#include "kernels/kernel_selection.h"
#include "kernels/runtime/device.h"

namespace duel::app {

/// On the terminal and in log.txt: what is about to happen; `notes` are what else there is to know.
void announce(const TrainOptions& options, const DeviceChoice& device, std::int64_t images, RunFolder& folder,
              const KernelSelection& kernels, const std::vector<std::string>& notes, Progress& progress);

/// Shows warnings, also where progress is not wanted, and keeps them in log.txt.
void warn(const TrainingProgram& program, const std::vector<std::string>& warnings, RunFolder& folder);

/// Prints the plan of --dry-run and an iteration, when all that training begins with has been done and has refused
/// nothing. Throws std::system_error where there would be no place for a run folder.
void show_plan(const TrainOptions& options, const Plan& plan, const TrainingStart& start,
               const PlannedIteration& iteration);

}  // namespace duel::app
