#include "engine/games/epoch_plan.h"

#include <algorithm>
#include <stdexcept>

#include "engine/configuration/network_layout.h"

namespace duel {

EpochPlan plan_epoch(const TrainingConfig& config, std::int64_t images) {
  const bool has_batch_norm =
      generator_layout(config.networks).has_batch_norm() || discriminator_layout(config.networks).has_batch_norm();
  const bool leaves_one_out = images % config.batch_size == 1 && has_batch_norm;
  EpochPlan plan;
  plan.images = leaves_one_out ? images - 1 : images;
  if (plan.images == 0) {
    throw std::invalid_argument("there is one image only, of which batch norm has no statistics; expected at least 2");
  }
  const std::int64_t per_iteration = std::int64_t{config.batch_size} * config.discriminator_steps;
  plan.iterations = (plan.images + per_iteration - 1) / per_iteration;
  plan.full = IterationShape(static_cast<std::size_t>(config.discriminator_steps), config.batch_size);
  for (std::int64_t left = plan.images - (plan.iterations - 1) * per_iteration; left > 0; left -= plan.last.back()) {
    plan.last.push_back(static_cast<int>(std::min<std::int64_t>(left, config.batch_size)));
  }
  return plan;
}

}  // namespace duel
