// Cases of linear_bn_lrelu.
#pragma once

#include "kernels/ops/linear_bn_lrelu/bounds.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// What a layer with batch norm is told besides its tensors; as floats, exact in both precisions.
struct BnSettings {
  float eps = 0.8f, momentum = 0.1f, slope = 0.2f;
  BatchStatistics statistics = BatchStatistics::batch;
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

OpCases<LinearBnLreluForward<double>, LinearBnLreluForward<float>> linear_bn_lrelu_forward_cases();
OpCases<LinearBnLreluBackward<double>, LinearBnLreluBackward<float>> linear_bn_lrelu_backward_cases();

}  // namespace duel::verify
