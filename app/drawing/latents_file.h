// Latents that somebody else has drawn.
#pragma once

#include <filesystem>
#include <vector>

namespace duel::app {

/// The values of a .npy file with float32 or float64 numbers [images, latent_dim], or [latent_dim] for one image.
/// Throws DataError where they are others, not finite, none, or more than `most` images.
std::vector<float> read_latents(const std::filesystem::path& file, int latent_dim, int most);

}  // namespace duel::app
