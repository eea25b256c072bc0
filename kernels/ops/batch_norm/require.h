// What ops by channel ask of their arguments.
#pragma once

#include "kernels/op.h"

namespace duel {

/// Throws std::invalid_argument that names the field.
inline void require_channels(const char* op, int channels, int pixels, int samples, int split) {
  require(channels > 0 && samples > 0, op, "at least one channel and one sample");
  require(pixels > 0, op, "pixels above 0, not " + std::to_string(pixels));
  require(split >= 0 && split < samples, op,
          "split from 0 to below the number of samples, " + std::to_string(samples) + ", not " + std::to_string(split));
}

}  // namespace duel
