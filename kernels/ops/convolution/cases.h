// Cases and bounds of convolution.
#pragma once

#include "kernels/ops/convolution/convolution.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<Convolution<double>, Convolution<float>> convolution_cases();

}  // namespace duel::verify
