// Latent directions that are worth a slider.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/networks/generator.h"

namespace duel::app {

using DrawImages = std::function<FloatImages(std::span<const float> latents)>;

/// Directions of length 1, at right angles to each other, along which images change most, the strongest first:
/// [most, latents' dimension], or as many rows as there are dimensions. They are the eigenvectors of the mean of J^T J
/// over the given latents [count, latent_dim], which classes may follow, where J is an image's derivative, here by
/// differences. The signs are such that the largest component is positive. `draw` is called once for each latent and
/// once more.
std::vector<float> strongest_directions(std::span<const float> latents, int latent_dim, int most,
                                        const DrawImages& draw);

}  // namespace duel::app
