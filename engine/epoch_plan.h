// How many images each iteration of an epoch takes.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/config.h"

namespace duel {

/// Real images that each discriminator step of an iteration takes. The generator's batch has the first's size, or the
/// last's of UpdateOrder::simultaneous.
using IterationShape = std::vector<int>;

/// The shapes of all iterations of an epoch over `images` images: all alike, but the last may be smaller.
struct EpochPlan {
  std::int64_t iterations = 0;
  IterationShape full, last;
};
EpochPlan plan_epoch(const TrainingConfig& config, std::int64_t images);

}  // namespace duel
