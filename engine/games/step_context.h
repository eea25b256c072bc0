// What recording an iteration works with.
#pragma once

#include "engine/games/training_memory.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// Where an iteration's latents and real images come from.
enum class Inputs {
  drawn,  ///< random latents, the next images of the dataset
  given,  ///< the caller has given them: TrainingStep::give
};

/// Kernels and configuration outlive it; the dataset [count, pixels] may be absent where all inputs are given.
struct StepContext {
  const KernelSelection& kernels;
  const TrainingConfig& config;
  const Layouts& layouts;
  TrainingMemory memory;
  Matrix<const std::uint8_t> dataset;
  Vector<const std::uint8_t> labels = {};  ///< of the dataset [count]; absent without classes
};

}  // namespace duel
