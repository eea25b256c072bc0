#include <cmath>
#include <numbers>

#include "kernels/device/random.cuh"
#include "kernels/ops/latent_normal/latent_normal.h"

namespace duel {

void latent_normal_reference(const LatentNormal<double>& a) {
  const std::uint64_t iteration = a.clock.data[0].iteration;
  for (int row = 0; row < a.output.rows; ++row) {
    for (int column = 0; column < a.output.columns; ++column) {
      const RandomWords words = draw_words(a.seed, iteration, a.draw, static_cast<std::uint32_t>(row),
                                           static_cast<std::uint32_t>(column / 4));
      const int pair = column % 4 / 2 * 2;  // columns 0 and 1 of a group come from words 0 and 1, 2 and 3 from 2 and 3
      const double radius = std::sqrt(-2 * std::log(static_cast<double>(uniform_open(words.word[pair]))));
      const double angle = 2 * std::numbers::pi * static_cast<double>(uniform_open(words.word[pair + 1]));
      a.output.data[static_cast<std::size_t>(row) * a.output.columns + column] =
          radius * (column % 2 == 0 ? std::cos(angle) : std::sin(angle));
    }
  }
}

}  // namespace duel
