// Sizes at which kernels go wrong, and the sizes that training uses.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace duel::verify {

struct LayerSize {
  int batch, in, out;

  std::string text() const { return std::to_string(batch) + " x " + std::to_string(in) + " -> " + std::to_string(out); }
};

/// One, a few, and both neighbours of the multiples of 32 that tiles and warps have.
inline constexpr std::array kEdgeSizes{1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129};

/// Layers that have each edge size once in each extent.
inline std::vector<LayerSize> edge_layers() {
  std::vector<LayerSize> layers;
  for (std::size_t i = 0; i < kEdgeSizes.size(); ++i) {
    layers.push_back({kEdgeSizes[i], kEdgeSizes[(i + 4) % kEdgeSizes.size()], kEdgeSizes[(i + 7) % kEdgeSizes.size()]});
  }
  return layers;
}

}  // namespace duel::verify
