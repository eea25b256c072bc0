// What references of dropout share.
#pragma once

#include "kernels/device/random.cuh"
#include "kernels/ops/dropout/mask.h"

namespace duel {

/// What the mask multiplies a value by: 1 / keep, or 0 where it does not stay.
inline double dropout_factor(const DropoutMask<double>& mask, int sample, int row) {
  const int feature = row / mask.pixels;
  const RandomWords words =
      draw_words(mask.seed, mask.clock.data[0].iteration, mask.draw,
                 static_cast<std::uint32_t>(mask.first_sample + sample), static_cast<std::uint32_t>(feature / 4));
  return uniform_open(words.word[feature % 4]) < mask.keep ? 1 / mask.keep : 0.0;
}

}  // namespace duel
