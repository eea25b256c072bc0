// Which values of a batch dropout keeps: each with probability `keep`, divided by it. It depends on (seed, iteration,
// draw, sample, feature) alone, so values and their gradients take the same mask, and nothing is stored. Feature f of
// sample s stays where u < keep, u of word f % 4 of the words of sample s and features 4 * (f / 4) and after. A feature
// is a row, or a channel of `pixels` rows. Source: N. Srivastava et al., Dropout (2014), in the inverted form of
// torch.nn.Dropout(1 - keep), by channel torch.nn.Dropout2d; Philox4x32-10.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/op.h"
#include "kernels/training_clock.h"

namespace duel {

template <class T>
struct DropoutMask {
  T keep = 1;  ///< above 0, at most 1
  std::uint64_t seed = 0;
  std::uint32_t draw = 0;  ///< distinguishes the draws of one iteration
  int first_sample = 0;    ///< the mask's sample of the first one here: two calls may share samples of a mask
  Vector<const TrainingClock> clock;  ///< [1], read
  int pixels = 1;                     ///< rows that stay or go together: a channel's
};

/// Throws std::invalid_argument that names the field.
template <class T>
void require_mask(std::string_view op, const DropoutMask<T>& mask) {
  require(mask.keep > 0 && mask.keep <= 1, op, "keep above 0 and at most 1, not " + std::to_string(mask.keep));
  require(mask.first_sample >= 0, op, "first_sample >= 0, not " + std::to_string(mask.first_sample));
  require(mask.pixels >= 1, op, "pixels of the mask >= 1, not " + std::to_string(mask.pixels));
  require_shape(op, "clock", mask.clock, 1);
}

}  // namespace duel
