// Cases and bounds of fused_gradient.
#pragma once

#include "kernels/ops/fused_gradient/fused_gradient.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedGradient<double>, FusedGradient<float>> fused_gradient_cases();

}  // namespace duel::verify
