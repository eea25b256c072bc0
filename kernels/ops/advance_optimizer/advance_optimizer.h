// Counts an optimizer's update and computes what all of it shares, before the update itself. Iterations of a GAN do
// it with their losses (mean_losses).
#pragma once

#include "kernels/optimizers/require.h"
#include "kernels/training_clock.h"

namespace duel {

struct AdvanceOptimizer {
  Optimizer optimizer;
  Vector<const TrainingClock> clock;   ///< [1], read: the epoch; absent: epoch 0
  Vector<OptimizerProgress> progress;  ///< [1], read and written
};

const Op<AdvanceOptimizer>& advance_optimizer_op();

/// The same on host memory.
void advance_optimizer_reference(const AdvanceOptimizer& arguments);

template <class Visitor>
void visit(AdvanceOptimizer& a, Visitor&& visitor) {
  visitor.reads("clock", a.clock);
  visitor.updates("progress", a.progress);
}

}  // namespace duel
