// Cases of advance_optimizer.
#pragma once

#include "kernels/ops/advance_optimizer/advance_optimizer.h"
#include "kernels/verify/op_cases.h"
#include "kernels/verify/optimizer_cases.h"

namespace duel::verify {

OpCases<AdvanceOptimizer, AdvanceOptimizer> advance_optimizer_cases();

}  // namespace duel::verify
