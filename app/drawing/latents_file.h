// Latents that somebody else has drawn.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/configuration/config.h"

namespace duel::app {

struct LatentRows {
  std::vector<float> values;  ///< [rows, width]
  int width = 0;
};

/// The values of a .npy file with float32 or float64 numbers [images, latent_dim], or [latent_dim] for one image; where
/// the generator reads classes also [images, generator_inputs], each latent with a share of each class. Throws
/// DataError where they are others, not finite, none, or more than `most` images.
LatentRows read_latents(const std::filesystem::path& file, const NetworkConfig& networks, int most);

}  // namespace duel::app
