// Cases and bounds of convolution_weight_gradient.
#pragma once

#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<ConvolutionWeightGradient<double>, ConvolutionWeightGradient<float>> convolution_weight_gradient_cases();

}  // namespace duel::verify
