#include "engine/training/player_losses.h"

namespace duel {

PlayerLosses<float> player_losses(const TrainingConfig& config, int batch) {
  const auto images = static_cast<float>(batch);
  return {.kind = config.loss,
          .real_label = static_cast<float>(config.real_label),
          .generator_loss = config.generator_loss,
          .discriminator_weight = 0.5f / images,
          .generator_weight = 1.f / images};
}

}  // namespace duel
