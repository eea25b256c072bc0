// Cases and bounds of fused_maxout.
#pragma once

#include "kernels/ops/fused_maxout/fused_maxout.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedMaxoutForward<double>, FusedMaxoutForward<float>> fused_maxout_forward_cases();
OpCases<FusedMaxoutBackward<double>, FusedMaxoutBackward<float>> fused_maxout_backward_cases();

}  // namespace duel::verify
