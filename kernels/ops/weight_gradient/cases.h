// Cases and bounds of weight_gradient.
#pragma once

#include "kernels/ops/weight_gradient/weight_gradient.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<WeightGradient<double>, WeightGradient<float>> weight_gradient_cases();

}  // namespace duel::verify
