#pragma once

#include "kernels/ops/fused_inputs/fused_inputs.h"

namespace duel {

void fused_inputs_warps(const FusedInputs<float>& arguments, StreamView stream);
void fused_inputs_one_thread(const FusedInputs<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
