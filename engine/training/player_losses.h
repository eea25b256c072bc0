// The players' losses of the configuration.
#pragma once

#include "engine/configuration/config.h"
#include "kernels/losses/losses.h"

namespace duel {

/// Both losses over `batch` generated and as many real images: means, D's of the two groups' means.
PlayerLosses<float> player_losses(const TrainingConfig& config, int batch);

}  // namespace duel
