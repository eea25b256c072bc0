// Ends an iteration on the device: writes its statistics into a ring of records and advances the clock.
#pragma once

#include <cstdint>

#include "kernels/head_statistics.h"
#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

/// The statistics of one iteration.
struct IterationRecord {
  std::uint64_t iteration;
  float discriminator_loss, generator_loss;
  float mean_real, mean_generated;  ///< D(x) and D(G(z)) of the (last) discriminator step
  float penalty;                    ///< in discriminator_loss
};

struct EndIteration {
  Vector<const float> discriminator_statistics;  ///< [kHeadStatistics], read
  Vector<const float> generator_statistics;      ///< [kHeadStatistics], read
  std::int64_t images_used;                      ///< real images that the iteration took
  std::int64_t images_in_epoch;                  ///< when they are used up, the next epoch begins
  Vector<IterationRecord> records;               ///< [capacity], record iteration % capacity is written
  Vector<TrainingClock> clock;                   ///< [1], read and written
};

const Op<EndIteration>& end_iteration_op();

/// The same on host memory.
void end_iteration_reference(const EndIteration& arguments);

template <class Visitor>
void visit(EndIteration& a, Visitor&& visitor) {
  visitor.reads("discriminator_statistics", a.discriminator_statistics);
  visitor.reads("generator_statistics", a.generator_statistics);
  visitor.updates("records", a.records);
  visitor.updates("clock", a.clock);
}

}  // namespace duel
