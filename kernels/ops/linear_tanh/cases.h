// Cases and bounds of linear_tanh.
#pragma once

#include "kernels/ops/linear_tanh/linear_tanh.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds linear_tanh_forward_bounds(const LinearTanhForward<double>& a);
Bounds linear_tanh_backward_bounds(const LinearTanhBackward<double>& a);

OpCases<LinearTanhForward<double>, LinearTanhForward<float>> linear_tanh_forward_cases();
OpCases<LinearTanhBackward<double>, LinearTanhBackward<float>> linear_tanh_backward_cases();

}  // namespace duel::verify
