// Cases and bounds of fused_dropout.
#pragma once

#include "kernels/ops/fused_dropout/fused_dropout.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedDropout<double>, FusedDropout<float>> fused_dropout_cases();

}  // namespace duel::verify
