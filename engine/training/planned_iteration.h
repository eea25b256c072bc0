// An iteration as it will be trained, without a device: for those who want to know, not to run it.
#pragma once

#include <cstdint>

#include "engine/configuration/config.h"
#include "engine/tasks/levels.h"

namespace duel {

/// What the first iteration of a training on `images` images computes. Its tensors have addresses that nobody may
/// follow.
TaskList plan_tasks(const TrainingConfig& config, std::int64_t images);

struct PlannedIteration {
  TaskList list;
  Levels levels;  ///< of the list; not to be launched
};

/// The same with the kernels that compute it. Throws std::invalid_argument as KernelSelection::select.
PlannedIteration plan_iteration(const TrainingConfig& config, const KernelSelection& kernels, std::int64_t images);

}  // namespace duel
