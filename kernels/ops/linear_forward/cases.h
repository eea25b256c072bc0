// Cases and bounds of linear_forward.
#pragma once

#include "kernels/ops/linear_forward/linear_forward.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<LinearForward<double>, LinearForward<float>> linear_forward_cases();

}  // namespace duel::verify
