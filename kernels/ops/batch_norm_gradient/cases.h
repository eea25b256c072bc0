// Cases and bounds of batch_norm_gradient.
#pragma once

#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<BatchNormGradient<double>, BatchNormGradient<float>> batch_norm_gradient_cases();

}  // namespace duel::verify
