// Public. A batch that a caller gives to an iteration.
#pragma once

#include <cstdint>
#include <span>

namespace duel {

struct GivenInputs {
  std::span<const float> latents;      ///< [batch, latent_dim]
  std::span<const float> real_images;  ///< [batch, pixels], in the generator's range
  /// Of these images and of those that will be generated [batch]; empty where no network reads classes.
  std::span<const std::uint8_t> real_labels = {}, generated_labels = {};
};

}  // namespace duel
