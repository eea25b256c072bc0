// Checks of linear_sigmoid_bce that its tests share.
#pragma once

#include <string>

#include "kernels/ops/linear_sigmoid_bce/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::test {

using namespace verify;

template <class Arguments>
Arguments with_batch_loss(const BatchLoss<float>& loss) {
  Arguments a{};
  a.loss = loss;
  return a;
}

inline std::string check_bce_forward(const LinearSigmoidBceForward<double>& a, const BatchLoss<float>& loss,
                                     const CheckOptions& options = {}) {
  return check_op<LinearSigmoidBceForward<double>>(
      linear_sigmoid_bce_forward_op(), linear_sigmoid_bce_forward_reference, a,
      with_batch_loss<LinearSigmoidBceForward<float>>(loss), bce_forward_bounds, options);
}

inline std::string check_bce_backward(const LinearSigmoidBceBackward<double>& a, const BatchLoss<float>& loss,
                                      const CheckOptions& options = {}) {
  return check_op<LinearSigmoidBceBackward<double>>(
      linear_sigmoid_bce_backward_op(), linear_sigmoid_bce_backward_reference, a,
      with_batch_loss<LinearSigmoidBceBackward<float>>(loss), bce_backward_bounds, options);
}

}  // namespace duel::test
