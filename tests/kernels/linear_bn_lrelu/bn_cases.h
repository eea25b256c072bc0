// Cases of linear_bn_lrelu.
#pragma once

#include <string>

#include "tests/kernels/linear_bn_lrelu/bounds.h"
#include "tests/kernels/support/check_op.h"

namespace duel::test {

/// What a layer with batch norm is told besides its tensors; as floats, exact in both precisions.
struct BnSettings {
  float eps = 0.8f, momentum = 0.1f, slope = 0.2f;
  NormalizeWith statistics = NormalizeWith::batch_statistics;
};

template <class T>
LinearBnLreluForward<T> bn_forward_scalars(const BnSettings& settings) {
  LinearBnLreluForward<T> a{};
  a.eps = settings.eps;
  a.momentum = settings.momentum;
  a.slope = settings.slope;
  a.statistics = settings.statistics;
  return a;
}

template <class T>
LinearBnLreluBackward<T> bn_backward_scalars(const BnSettings& settings) {
  LinearBnLreluBackward<T> a{};
  a.slope = settings.slope;
  return a;
}

inline LinearBnLreluForward<double> bn_forward_case(HostTensors& host, const LayerSize& size,
                                                    const BnSettings& settings) {
  auto a = bn_forward_scalars<double>(settings);
  fill_linear_forward(a, host, size);
  a.gamma = host.uniform(size.out, -1.5, 1.5);
  a.beta = host.uniform(size.out, -0.5, 0.5);
  a.running_mean = host.uniform(size.out, -1, 1);
  a.running_variance = host.uniform(size.out, 0.5, 2);
  a.normalized = host.matrix(size.batch, size.out);
  a.inverse_deviation = host.vector(size.out);
  return a;
}

/// Independent inputs: not what a forward pass would give, which the kernels cannot know.
inline LinearBnLreluBackward<double> bn_backward_case(HostTensors& host, const LayerSize& size, bool with_d_input) {
  auto a = bn_backward_scalars<double>({});
  fill_linear_backward(a, host, size, {.d_input = with_d_input});
  a.gamma = host.uniform(size.out, -1.5, 1.5);
  a.normalized = host.uniform(size.batch, size.out, -2, 2);
  a.inverse_deviation = host.uniform(size.out, 0.1, 3);
  a.d_gamma = host.vector(size.out);
  a.d_beta = host.vector(size.out);
  return a;
}

inline std::string check_bn_forward(const LinearBnLreluForward<double>& a, const BnSettings& settings,
                                    const CheckOptions& options = {}) {
  return check_op<LinearBnLreluForward<double>>(linear_bn_lrelu_forward_op(), linear_bn_lrelu_forward_reference, a,
                                                bn_forward_scalars<float>(settings), bn_forward_bounds, options);
}

inline std::string check_bn_backward(const LinearBnLreluBackward<double>& a, const CheckOptions& options = {}) {
  return check_op<LinearBnLreluBackward<double>>(linear_bn_lrelu_backward_op(), linear_bn_lrelu_backward_reference, a,
                                                 bn_backward_scalars<float>({}), bn_backward_bounds, options);
}

}  // namespace duel::test
