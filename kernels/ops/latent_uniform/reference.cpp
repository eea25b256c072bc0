#include "kernels/ops/latent_uniform/latent_uniform.h"

#include "kernels/device/random.cuh"

namespace duel {

void latent_uniform_reference(const LatentUniform<double>& a) {
  for (int row = 0; row < a.output.rows; ++row) {
    for (int column = 0; column < a.output.columns; ++column) {
      const RandomWords words = draw_words(a.seed, a.clock.data[0].iteration, a.draw, static_cast<std::uint32_t>(row),
                                           static_cast<std::uint32_t>(column / 4));
      a.output.data[static_cast<std::size_t>(row) * a.output.columns + column] =
          (2 * static_cast<double>(uniform_open(words.word[column % 4])) - 1) * a.limit;
    }
  }
}

}  // namespace duel
