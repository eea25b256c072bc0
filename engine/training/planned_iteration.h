// An iteration as it will be trained, without a device: for those who want to know, not to run it.
#pragma once

#include <cstdint>

#include "engine/configuration/config.h"
#include "engine/tasks/levels.h"

namespace duel {

/// Its arguments' tensors have addresses that nobody may follow.
struct PlannedIteration {
  TaskList list;
  Levels levels;  ///< of the list; not to be launched
};

/// The first iteration of a training on `images` images. Throws std::invalid_argument as KernelSelection::select.
PlannedIteration plan_iteration(const TrainingConfig& config, const KernelSelection& kernels, std::int64_t images);

}  // namespace duel
