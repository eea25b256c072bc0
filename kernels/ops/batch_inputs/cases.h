// Cases and bounds of batch_inputs.
#pragma once

#include "kernels/ops/batch_inputs/batch_inputs.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<BatchInputs<double>, BatchInputs<float>> batch_inputs_cases();

}  // namespace duel::verify
