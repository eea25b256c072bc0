// Public. Latents of a configuration's distribution.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/configuration/config.h"

namespace duel {

/// The draw of latents for samples (kernels/ops/latent_normal): apart from every draw during training.
inline constexpr std::uint32_t kSamplingDraw = 0x53414d50;  // "SAMP"

/// Of the uniform distribution U(-limit, limit) of variance 1; 0: latents are N(0, 1).
float latent_limit(const NetworkConfig& networks);

/// What a generator reads [count, generator_inputs]: latents [count, latent_dim] and, where it reads classes, those of
/// `labels` [count], one-hot. Throws std::invalid_argument for another number of labels, and for a label of no class.
std::vector<float> with_classes(std::span<const float> latents, const NetworkConfig& networks,
                                std::span<const std::uint8_t> labels);

/// The same networks' latents alone.
NetworkConfig without_classes(NetworkConfig networks);

/// Each class in turn: 0, 1, ..., classes - 1, 0, ... [count]; nothing where there are no classes.
std::vector<std::uint8_t> classes_in_turn(int count, int classes);

/// What with_classes() makes of latents that are drawn on the device, from `seed` alone, apart from all that training
/// draws. Without labels each class in turn.
std::vector<float> draw_latents(int count, const NetworkConfig& networks, std::uint64_t seed,
                                std::span<const std::uint8_t> labels = {});

}  // namespace duel
