#include "kernels/dropout/dropout.h"

#include "kernels/device/random.cuh"

namespace duel {

void dropout_reference(const Dropout<double>& a) {
  for (int row = 0; row < a.input.rows; ++row) {
    for (int column = 0; column < a.input.columns; ++column) {
      const RandomWords words =
          draw_words(a.seed, a.clock.data[0].iteration, a.draw, static_cast<std::uint32_t>(a.first_row + row),
                     static_cast<std::uint32_t>(column / 4));
      const bool stays = uniform_open(words.word[column % 4]) < a.keep;
      const std::size_t i = static_cast<std::size_t>(row) * a.input.columns + column;
      a.output.data[i] = stays ? a.input.data[i] / a.keep : 0.0;
    }
  }
}

}  // namespace duel
