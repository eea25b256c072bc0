// Cases and bounds of fused_inputs.
#pragma once

#include "kernels/ops/fused_inputs/fused_inputs.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<FusedInputs<double>, FusedInputs<float>> fused_inputs_cases();

}  // namespace duel::verify
