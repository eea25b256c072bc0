// Checks of linear_bn_lrelu that its tests share.
#pragma once

#include <string>

#include "kernels/ops/linear_bn_lrelu/cases.h"
#include "kernels/verify/check_op.h"

namespace duel::test {

using namespace verify;

inline std::string check_bn_forward(const LinearBnLreluForward<double>& a, const BnSettings& settings,
                                    const CheckOptions& options = {}) {
  return check_op<LinearBnLreluForward<double>>(linear_bn_lrelu_forward_op(), linear_bn_lrelu_forward_reference, a,
                                                bn_forward_scalars<float>(settings), bn_forward_bounds, options);
}

inline std::string check_bn_backward(const LinearBnLreluBackward<double>& a, const CheckOptions& options = {}) {
  return check_op<LinearBnLreluBackward<double>>(linear_bn_lrelu_backward_op(), linear_bn_lrelu_backward_reference, a,
                                                 bn_backward_scalars<float>({.slope = static_cast<float>(a.slope)}),
                                                 bn_backward_bounds, options);
}

}  // namespace duel::test
