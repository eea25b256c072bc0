// Cases and bounds of batch_gather.
#pragma once

#include "kernels/ops/batch_gather/batch_gather.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds batch_gather_bounds(const BatchGather<double>& a);

OpCases<BatchGather<double>, BatchGather<float>> batch_gather_cases();

}  // namespace duel::verify
