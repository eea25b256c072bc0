#include "engine/epoch_plan.h"

#include <algorithm>

namespace duel {

EpochPlan plan_epoch(const TrainingConfig& config, std::int64_t images) {
  EpochPlan plan;
  const std::int64_t per_iteration = std::int64_t{config.batch_size} * config.discriminator_steps;
  plan.iterations = (images + per_iteration - 1) / per_iteration;
  plan.full = IterationShape(static_cast<std::size_t>(config.discriminator_steps), config.batch_size);
  for (std::int64_t left = images - (plan.iterations - 1) * per_iteration; left > 0; left -= plan.last.back()) {
    plan.last.push_back(static_cast<int>(std::min<std::int64_t>(left, config.batch_size)));
  }
  return plan;
}

}  // namespace duel
