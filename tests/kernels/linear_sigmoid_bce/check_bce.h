// Checks of linear_sigmoid_bce that its tests share.
#pragma once

#include <string>

#include "kernels/linear_sigmoid_bce/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::test {

inline constexpr CrossEntropy kForms[] = {CrossEntropy::clamped, CrossEntropy::logits};

using namespace verify;

inline std::string check_bce_forward(const LinearSigmoidBceForward<double>& a, const BceSettings& settings,
                                     const CheckOptions& options = {}) {
  return check_op<LinearSigmoidBceForward<double>>(
      linear_sigmoid_bce_forward_op(), linear_sigmoid_bce_forward_reference, a,
      bce_scalars<LinearSigmoidBceForward<float>>(settings), bce_forward_bounds, options);
}

inline std::string check_bce_backward(const LinearSigmoidBceBackward<double>& a, const BceSettings& settings,
                                      const CheckOptions& options = {}) {
  return check_op<LinearSigmoidBceBackward<double>>(
      linear_sigmoid_bce_backward_op(), linear_sigmoid_bce_backward_reference, a,
      bce_scalars<LinearSigmoidBceBackward<float>>(settings), bce_backward_bounds, options);
}

}  // namespace duel::test
