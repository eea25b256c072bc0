// How many images each iteration of an epoch takes.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/configuration/config.h"

namespace duel {

/// Real images that each discriminator step of an iteration takes. The generator's batch has the first's size, or the
/// last's of UpdateOrder::simultaneous.
using IterationShape = std::vector<int>;

/// The shapes of all iterations of an epoch over `images` images: all alike, but the last may be smaller.
struct EpochPlan {
  std::int64_t iterations = 0;
  std::int64_t images = 0;  ///< that an epoch takes: all, or all but one
  IterationShape full, last;
};
/// Under batch norm no batch is a single image, which has no statistics: the one that comes last in an epoch's order is
/// left out. Throws std::invalid_argument where it is the only image.
EpochPlan plan_epoch(const TrainingConfig& config, std::int64_t images);

}  // namespace duel
