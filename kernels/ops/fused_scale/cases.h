// Cases and bounds of fused_scale.
#pragma once

#include "kernels/ops/fused_scale/fused_scale.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedScale<double>, FusedScale<float>> fused_scale_cases();

}  // namespace duel::verify
