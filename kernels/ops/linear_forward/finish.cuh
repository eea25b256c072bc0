// What follows linear_forward's product, whoever computed it.
#pragma once

#include "kernels/device/vector_math.cuh"
#include "kernels/levels/row_lanes.cuh"
#include "kernels/ops/batch_norm/running_averages.cuh"
#include "kernels/ops/linear_forward/linear_forward.h"

namespace duel {

/// Whether whole rows must be there before any of their values is done: for statistics of the batch.
__host__ __device__ __forceinline__ bool owns_rows(const LinearForward<float>& a) {
  return a.gamma && a.statistics == BatchStatistics::batch;
}

template <class Row>
__device__ __forceinline__ Row normalized_by_running(const LinearForward<float>& a, int r, const Row& linear) {
  const float inverse = 1.f / sqrtf(a.running_variance.data[r] + a.eps);
  const Row x = (linear - Row::filled(a.running_mean.data[r])) * inverse;
  return x * Row::filled(a.gamma.data[r]) + Row::filled(a.beta.data[r]);
}

/// Bias, given statistics, activation and unit gradient of `valid` products of row r from sample c on. `vectorized`,
/// `unit_vectorized`: such pieces of output and unit_gradient are aligned.
template <int kCount>
__device__ __forceinline__ void finish_piece(const LinearForward<float>& a, int r, int c, int valid, bool vectorized,
                                             bool unit_vectorized, const RegisterRow<kCount>& product) {
  auto linear = product + RegisterRow<kCount>::filled(a.bias.data[r]);
  if (a.gamma) linear = normalized_by_running(a, r, linear);
  float* const to = a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column + c;
  with_activation(a.activation, a.slope, [&](auto f) {
    const auto y = f.value(linear);
    store_row(to, y, valid, vectorized);
    if (!a.head_weight) return;
    const auto unit = f.gradient(y, RegisterRow<kCount>::filled(a.head_weight.data[r]));
    store_row(a.unit_gradient.data + static_cast<std::size_t>(r) * a.input.columns + c, unit, valid, unit_vectorized);
  });
}

/// Batch norm by the batch's statistics and LeakyReLU of row r, of its values of W x + b, which may lie in
/// `normalized`. All lanes of the row must call it.
template <class Lanes>
__device__ __forceinline__ void normalize_row(const LinearForward<float>& a, int r, const float* linear) {
  using Piece = typename Lanes::Row;
  const int batch = a.input.columns;
  const float share = 1.f / static_cast<float>(batch);
  Piece sum = Piece::filled(0.f);
  Lanes::for_each_piece(batch, [&](int c, int valid) { sum = sum + load_row<Lanes::kWidth>(linear + c, valid); });
  const float mean = Lanes::sum(sum) * share;

  sum = Piece::filled(0.f);
  Lanes::for_each_piece(batch, [&](int c, int valid) {
    const Piece centered = load_row<Lanes::kWidth>(linear + c, valid) - Piece::filled(mean);
    sum = sum + (valid >= Lanes::kWidth ? centered * centered : first_values(centered * centered, valid));
  });
  const float variance = Lanes::sum(sum) * share;
  const float inverse = 1.f / sqrtf(variance + a.eps);

  const Piece gamma = Piece::filled(a.gamma.data[r]), beta = Piece::filled(a.beta.data[r]);
  const std::size_t begin = static_cast<std::size_t>(r) * batch;
  Lanes::for_each_piece(batch, [&](int c, int valid) {
    const Piece x = (load_row<Lanes::kWidth>(linear + c, valid) - Piece::filled(mean)) * inverse;
    const Piece y = x * gamma + beta;
    store_row(a.normalized.data + begin + c, x, valid, false);
    store_row(a.output.data + begin + c, leaky(y, y, a.slope), valid, false);
  });
  if (!Lanes::is_first_lane()) return;
  a.inverse_deviation.data[r] = inverse;
  move_running_averages(a, r, mean, variance, batch);
}

}  // namespace duel
