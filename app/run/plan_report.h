// What --dry-run prints.
#pragma once

#include "app/run/plan.h"
#include "app/run/training_start.h"
#include "app/settings/train_options.h"
#include "engine/measure/result_output.h"
#include "engine/training/planned_iteration.h"

namespace duel::app {

/// "iterations 10 to 19, kernel by kernel, ..."
std::string window_text(const IterationWindow& window);

/// The plan and the kernels of an iteration. CSV: a line for each of its tasks.
ResultForms plan_report(const TrainOptions& options, const Plan& plan, const TrainingStart& start,
                        const PlannedIteration& iteration);

}  // namespace duel::app
