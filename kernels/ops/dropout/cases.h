// Cases and bounds of dropout.
#pragma once

#include "kernels/ops/dropout/dropout.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// A mask of the third draw whose clock is yet to come.
inline DropoutMask<float> dropout_mask_shapes(float keep, int first_sample, int pixels = 1) {
  return {keep, 0x123456789abcdef0, 3, first_sample, shape<const TrainingClock>(1), pixels};
}

/// The same mask, in an iteration whose number has both halves.
inline DropoutMask<double> dropout_mask_case(HostTensors& host, const DropoutMask<float>& mask) {
  return {mask.keep,
          mask.seed,
          mask.draw,
          mask.first_sample,
          host.vector<TrainingClock>({{(std::uint64_t{1} << 32) + 5, 7, 8}}),
          mask.pixels};
}

OpCases<Dropout<double>, Dropout<float>> dropout_cases();

}  // namespace duel::verify
