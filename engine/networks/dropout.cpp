#include "engine/networks/dropout.h"

#include <string>

#include "kernels/ops/dropout/dropout.h"

namespace duel {

DropoutMask<float> dropout_mask(const NetworkConfig& networks, const DropoutMasks& masks, std::size_t layer) {
  // Draws of their own, apart from the latents': for each batch of an iteration one for each layer.
  constexpr std::uint32_t kDropoutDraw = 0x44524f50, kMostLayers = 32;  // "DROP"
  const float keep = layer == 0 ? networks.input_keep : networks.hidden_keep;
  if (!(keep < 1)) return {};
  return {keep, masks.seed, kDropoutDraw + masks.draw * kMostLayers + static_cast<std::uint32_t>(layer),
          masks.first_sample, masks.clock};
}

void record_dropout(const DropoutMask<float>& mask, std::size_t layer, Matrix<const float> from, Matrix<float> to,
                    TaskList& list, int first_column) {
  if (!mask.clock) return;
  list.add(dropout_op(), {from, mask, first_column, to}, "dropout before layer " + std::to_string(layer));
}

}  // namespace duel
