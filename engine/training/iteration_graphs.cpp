#include "engine/training/iteration_graphs.h"

namespace duel {

IterationGraphs::IterationGraphs(const TrainingStep& step, const EpochPlan& epoch, StreamView stream)
    : per_epoch_(epoch.iterations) {
  const auto capture = [&](const IterationShape& shape, std::int64_t iterations) {
    return Graph::capture(stream, [&](StreamView view) {
      for (std::int64_t i = 0; i < iterations; ++i) step.enqueue(shape, Inputs::drawn, view);
    });
  };
  if (epoch.iterations > 1 || epoch.last == epoch.full) full_ = capture(epoch.full, 1);
  if (epoch.last != epoch.full) last_ = capture(epoch.last, 1);
  if (epoch.iterations > kMany) many_ = capture(epoch.full, kMany);
}

bool IterationGraphs::has_many(std::int64_t iteration) const {
  return many_ && iteration % per_epoch_ + kMany < per_epoch_;
}

}  // namespace duel
