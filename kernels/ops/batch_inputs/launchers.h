#pragma once

#include "kernels/ops/batch_inputs/batch_inputs.h"

namespace duel {

void batch_inputs_warps(const BatchInputs<float>& arguments, StreamView stream);
void batch_inputs_one_thread(const BatchInputs<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
