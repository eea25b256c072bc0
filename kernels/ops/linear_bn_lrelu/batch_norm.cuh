// Batch norm and LeakyReLU by blocks that own columns: all their rows, so that statistics need no second kernel.
#pragma once

#include "kernels/device/column_sum.cuh"
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"
#include "kernels/runtime/launch.h"

namespace duel {

/// What the forward kernels take by value.
struct BatchNorm {
  const float *bias, *gamma, *beta;
  float eps, momentum, slope;
  float *running_mean, *running_variance, *normalized, *inverse_deviation, *output;
};

inline BatchNorm batch_norm_of(const LinearBnLreluForward<float>& a) {
  return {a.bias.data,         a.gamma.data,
          a.beta.data,         a.eps,
          a.momentum,          a.slope,
          a.running_mean.data, a.running_variance.data,
          a.normalized.data,   a.inverse_deviation.data,
          a.output.data};
}

/// Normalises the block's columns of `normalized`, which hold the sums a = x Wᵀ + b, and writes output, statistics and
/// running averages. Every thread of the block must call it.
template <class Sum>
__device__ __forceinline__ void normalize_columns(typename Sum::Partials& partials, const BatchNorm& p, int rows,
                                                  int columns, int column0) {
  using Row = typename Sum::Row;
  const int c = column0 + Sum::column(), valid = columns - c;
  const int own_rows = valid > 0 ? rows : 0;  // threads beyond the last column only keep the barriers company
  const auto at = [&](int r) { return static_cast<std::size_t>(r) * columns + c; };

  Row total = Row::filled(0.f);
  for (int r = Sum::group(); r < own_rows; r += Sum::kGroups) {
    total = total + load_row<Sum::kWidth>(p.normalized + at(r), valid);
  }
  const Row mean = Sum::combine(partials, total) * (1.f / static_cast<float>(rows));

  total = Row::filled(0.f);
  for (int r = Sum::group(); r < own_rows; r += Sum::kGroups) {
    const Row centered = load_row<Sum::kWidth>(p.normalized + at(r), valid) - mean;
    total = total + centered * centered;
  }
  const Row variance = Sum::combine(partials, total) * (1.f / static_cast<float>(rows));
  if (valid <= 0) return;

  const float eps = p.eps;
  const Row inverse = transform(variance, [=](int, float v) { return 1.f / sqrtf(v + eps); });
  const Row gamma = load_row<Sum::kWidth>(p.gamma + c, valid), beta = load_row<Sum::kWidth>(p.beta + c, valid);
  for (int r = Sum::group(); r < own_rows; r += Sum::kGroups) {
    const Row x = (load_row<Sum::kWidth>(p.normalized + at(r), valid) - mean) * inverse;
    const Row a = x * gamma + beta;
    store_row(p.normalized + at(r), x, valid, false);
    store_row(p.output + at(r), leaky(a, a, p.slope), valid, false);
  }
  if (Sum::group() != 0) return;
  store_row(p.inverse_deviation + c, inverse, valid, false);
  if (p.momentum > 0.f) {
    const float unbiased = rows > 1 ? static_cast<float>(rows) / static_cast<float>(rows - 1) : 1.f;
    const Row old_mean = load_row<Sum::kWidth>(p.running_mean + c, valid);
    const Row old_variance = load_row<Sum::kWidth>(p.running_variance + c, valid);
    store_row(p.running_mean + c, old_mean * (1.f - p.momentum) + mean * p.momentum, valid, false);
    store_row(p.running_variance + c, old_variance * (1.f - p.momentum) + variance * (p.momentum * unbiased), valid,
              false);
  }
}

/// Bias, given statistics and activation on a row of products.
struct RunningBnLrelu {
  BatchNorm p;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& sums, int column,
                                                            int valid) const {
    const float eps = p.eps;
    const auto variance = load_row<kCount>(p.running_variance + column, valid);
    const auto inverse = transform(variance, [=](int, float v) { return 1.f / sqrtf(v + eps); });
    const auto centered =
        sums + load_row<kCount>(p.bias + column, valid) - load_row<kCount>(p.running_mean + column, valid);
    const auto a =
        centered * inverse * load_row<kCount>(p.gamma + column, valid) + load_row<kCount>(p.beta + column, valid);
    return leaky(a, a, p.slope);
  }
};

struct BatchNormGradients {
  const float *gamma, *normalized, *inverse_deviation, *output, *d_output;
  float slope;
  float *d_linear, *d_bias, *d_gamma, *d_beta;
};

// With dZ = dY * lrelu'(a):  dbeta = sum dZ,  dgamma = sum dZ x̂,
// dA = gamma * inverse_deviation * (dZ - dbeta / B - x̂ * dgamma / B).
template <int kThreads, int kColumns>
__global__ void __launch_bounds__(kThreads) bn_lrelu_backward_kernel(BatchNormGradients p, int rows, int columns) {
  using Sum = ColumnSum<kThreads, kColumns>;
  using Row = typename Sum::Row;
  __shared__ typename Sum::Partials partials;
  const int c = blockIdx.x * kColumns + Sum::column(), valid = columns - c;
  const int own_rows = valid > 0 ? rows : 0;
  const auto at = [&](int r) { return static_cast<std::size_t>(r) * columns + c; };
  const auto gradient_at = [&](int r) {
    return leaky(load_row<Sum::kWidth>(p.output + at(r), valid), load_row<Sum::kWidth>(p.d_output + at(r), valid),
                 p.slope);
  };

  Row sum = Row::filled(0.f), product_sum = Row::filled(0.f);
  for (int r = Sum::group(); r < own_rows; r += Sum::kGroups) {
    const Row dz = gradient_at(r);
    sum = sum + dz;
    product_sum = product_sum + dz * load_row<Sum::kWidth>(p.normalized + at(r), valid);
  }
  const Row d_beta = Sum::combine(partials, sum);
  const Row d_gamma = Sum::combine(partials, product_sum);

  Row bias_sum = Row::filled(0.f);
  if (valid > 0) {
    const float share = 1.f / static_cast<float>(rows);
    const Row scale = load_row<Sum::kWidth>(p.gamma + c, valid) * load_row<Sum::kWidth>(p.inverse_deviation + c, valid);
    for (int r = Sum::group(); r < own_rows; r += Sum::kGroups) {
      const Row x = load_row<Sum::kWidth>(p.normalized + at(r), valid);
      const Row da = scale * (gradient_at(r) - d_beta * share - x * d_gamma * share);
      store_row(p.d_linear + at(r), da, valid, false);
      bias_sum = bias_sum + da;
    }
  }
  const Row d_bias = Sum::combine(partials, bias_sum);
  if (valid <= 0 || Sum::group() != 0) return;
  store_row(p.d_beta + c, d_beta, valid, false);
  store_row(p.d_gamma + c, d_gamma, valid, false);
  store_row(p.d_bias + c, d_bias, valid, false);
}

template <int kThreads, int kColumns>
void launch_bn_lrelu_backward(const LinearBnLreluBackward<float>& a, StreamView stream) {
  const BatchNormGradients p{a.gamma.data,    a.normalized.data, a.inverse_deviation.data, a.output.data,
                             a.d_output.data, a.slope,           a.d_linear.data,          a.d_bias.data,
                             a.d_gamma.data,  a.d_beta.data};
  launch(stream, {blocks_for(a.output.columns, kColumns), kThreads}, bn_lrelu_backward_kernel<kThreads, kColumns>, p,
         a.output.rows, a.output.columns);
}

}  // namespace duel
