// Public. Latents of a configuration's distribution.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/configuration/config.h"

namespace duel {

/// The draw of latents for samples (kernels/ops/latent_normal): apart from every draw during training.
inline constexpr std::uint32_t kSamplingDraw = 0x53414d50;  // "SAMP"

/// Of the uniform distribution U(-limit, limit) of variance 1; 0: latents are N(0, 1).
float latent_limit(const NetworkConfig& networks);

/// Draws latents [count, latent_dim] on the device, from `seed` alone, apart from all that training draws.
std::vector<float> draw_latents(int count, const NetworkConfig& networks, std::uint64_t seed);

}  // namespace duel
