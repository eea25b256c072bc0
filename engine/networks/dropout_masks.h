// Dropout in the discriminator: which mask each layer's inputs have.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/configuration/config.h"
#include "kernels/ops/dropout/mask.h"

namespace duel {

/// Which masks of dropout a pass has. The same batch of generated images has the same in G's loss and in D's.
struct DropoutMasks {
  std::uint64_t seed = 0;
  std::uint32_t draw = 0;             ///< of the batch, within an iteration
  int first_sample = 0;               ///< of the pass's images within the batch
  Vector<const TrainingClock> clock;  ///< [1]; absent: no dropout, as for a trained network
};

/// Of the inputs of D's layer `layer`; without clock where they all stay.
inline DropoutMask<float> dropout_mask(const NetworkConfig& networks, const DropoutMasks& masks, std::size_t layer) {
  // Draws of their own, apart from the latents': for each batch of an iteration one for each layer.
  constexpr std::uint32_t kDropoutDraw = 0x44524f50, kMostLayers = 32;  // "DROP"
  const float keep = layer == 0 ? networks.input_keep : networks.hidden_keep;
  if (!(keep < 1)) return {};
  return {keep, masks.seed, kDropoutDraw + masks.draw * kMostLayers + static_cast<std::uint32_t>(layer),
          masks.first_sample, masks.clock};
}

}  // namespace duel
