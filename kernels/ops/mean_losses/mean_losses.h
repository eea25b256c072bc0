// What discriminator_head left of each sample, summed up: the players' statistics. Then the optimizers' counters are
// advanced: the updates that follow from these losses come next.
#pragma once

#include "kernels/head_statistics.h"
#include "kernels/optimizers/require.h"
#include "kernels/training_clock.h"

namespace duel {

template <class T>
struct MeanLosses {
  Vector<const T> judgement;  ///< [columns], read
  int real_columns = 0;
  /// [columns or more], read: of the judged samples, then of a penalty; absent with what belongs to the discriminator.
  Vector<const T> discriminator_terms;
  Vector<T> discriminator_statistics;       ///< [kHeadStatistics], written
  Vector<OptimizerProgress> discriminator;  ///< [1], read and written
  Vector<const T> generator_terms;      ///< [columns - real_columns], read; absent with what belongs to the generator
  Vector<T> generator_statistics;       ///< [kHeadStatistics], written
  Vector<OptimizerProgress> generator;  ///< [1], read and written
  Optimizer optimizer;
  Vector<const TrainingClock> clock;  ///< [1], read: the epoch
};

const Op<MeanLosses<float>>& mean_losses_op();

/// The same in double precision, on host memory.
void mean_losses_reference(const MeanLosses<double>& arguments);

template <class T, class Visitor>
void visit(MeanLosses<T>& a, Visitor&& visitor) {
  visitor.reads("judgement", a.judgement);
  visitor.reads("discriminator_terms", a.discriminator_terms);
  visitor.writes("discriminator_statistics", a.discriminator_statistics);
  visitor.updates("discriminator", a.discriminator);
  visitor.reads("generator_terms", a.generator_terms);
  visitor.writes("generator_statistics", a.generator_statistics);
  visitor.updates("generator", a.generator);
  visitor.reads("clock", a.clock);
}

}  // namespace duel
