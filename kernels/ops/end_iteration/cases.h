// Cases of end_iteration. All its results are exact.
#pragma once

#include "kernels/ops/end_iteration/end_iteration.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<EndIteration, EndIteration> end_iteration_cases();

}  // namespace duel::verify
