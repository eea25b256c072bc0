// Cases and bounds of linear_sigmoid.
#pragma once

#include "kernels/ops/linear_sigmoid/linear_sigmoid.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds linear_sigmoid_forward_bounds(const LinearSigmoidForward<double>& a);
Bounds linear_sigmoid_backward_bounds(const LinearSigmoidBackward<double>& a);

OpCases<LinearSigmoidForward<double>, LinearSigmoidForward<float>> linear_sigmoid_forward_cases();
OpCases<LinearSigmoidBackward<double>, LinearSigmoidBackward<float>> linear_sigmoid_backward_cases();

}  // namespace duel::verify
