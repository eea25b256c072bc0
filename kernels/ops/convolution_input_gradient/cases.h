// Cases and bounds of convolution_input_gradient.
#pragma once

#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<ConvolutionInputGradient<double>, ConvolutionInputGradient<float>> convolution_input_gradient_cases();

}  // namespace duel::verify
