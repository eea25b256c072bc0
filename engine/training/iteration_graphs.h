// Iterations as graphs: a launch enqueues all kernels of one, or of several.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/games/epoch_plan.h"
#include "engine/training/training_step.h"
#include "kernels/runtime/handles.h"

namespace duel {

class IterationGraphs {
 public:
  /// Full iterations of launch_many(): the host enqueues less often, and a device has no gap between them.
  static constexpr std::int64_t kMany = 16;

  IterationGraphs() = default;  ///< none
  /// Captures what the step enqueues for the iterations of an epoch. Throws CudaError.
  IterationGraphs(const TrainingStep& step, const EpochPlan& epoch, StreamView stream);

  /// Whether launch_many() may enqueue iteration `iteration` and those after it: none of them is the last of an epoch.
  bool has_many(std::int64_t iteration) const;
  void launch_many(StreamView stream) const { many_.launch(stream); }
  /// One iteration.
  void launch(bool is_full, StreamView stream) const { (is_full ? full_ : last_).launch(stream); }

  /// Of a full iteration; where the images are too few for one, of the only one there is.
  std::size_t nodes() const { return (full_ ? full_ : last_).nodes(); }

 private:
  std::int64_t per_epoch_ = 0;
  Graph many_, full_, last_;  // kMany full iterations, a full one, the smaller last one of an epoch
};

}  // namespace duel
