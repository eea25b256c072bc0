// Dropout in the discriminator: which mask the inputs of each layer have, and the task that applies it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/configuration/config.h"
#include "engine/tasks/task_list.h"
#include "kernels/ops/dropout/mask.h"

namespace duel {

/// Which masks of dropout a pass has. The same batch of generated images has the same in G's loss and in D's.
struct DropoutMasks {
  std::uint64_t seed = 0;
  std::uint32_t draw = 0;             ///< of the batch, within an iteration
  int first_sample = 0;               ///< of the pass's images within the batch
  Vector<const TrainingClock> clock;  ///< [1]; absent: no dropout, as for a trained network
};

/// Of the inputs of D's layer `layer`; without clock where they all stay.
DropoutMask<float> dropout_mask(const NetworkConfig& networks, const DropoutMasks& masks, std::size_t layer);

/// What the mask of the inputs of layer `layer` leaves of values or of their gradients, which may be the same memory;
/// nothing where the mask is without clock. `first_column`: of the samples that take part.
void record_dropout(const DropoutMask<float>& mask, std::size_t layer, Matrix<const float> from, Matrix<float> to,
                    TaskList& list, int first_column = 0);

}  // namespace duel
