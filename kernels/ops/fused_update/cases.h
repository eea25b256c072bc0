// Cases and bounds of fused_update.
#pragma once

#include "kernels/ops/fused_update/fused_update.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedUpdate<double>, FusedUpdate<float>> fused_update_cases();

}  // namespace duel::verify
