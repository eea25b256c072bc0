// Cases and bounds of linear_lrelu.
#pragma once

#include "kernels/ops/linear_lrelu/linear_lrelu.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds linear_lrelu_forward_bounds(const LinearLreluForward<double>& a);
Bounds linear_lrelu_backward_bounds(const LinearLreluBackward<double>& a);

OpCases<LinearLreluForward<double>, LinearLreluForward<float>> linear_lrelu_forward_cases();
OpCases<LinearLreluBackward<double>, LinearLreluBackward<float>> linear_lrelu_backward_cases();

}  // namespace duel::verify
