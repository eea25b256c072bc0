// Cases and bounds of fused_head.
#pragma once

#include "kernels/ops/fused_head/fused_head.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedHead<double>, FusedHead<float>> fused_head_cases();

}  // namespace duel::verify
