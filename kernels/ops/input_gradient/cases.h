// Cases and bounds of input_gradient.
#pragma once

#include "kernels/ops/input_gradient/input_gradient.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<InputGradient<double>, InputGradient<float>> input_gradient_cases();

}  // namespace duel::verify
