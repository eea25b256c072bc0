// Cases and bounds of fused_forward.
#pragma once

#include "kernels/ops/fused_forward/fused_forward.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedForward<double>, FusedForward<float>> fused_forward_cases();

}  // namespace duel::verify
