// What follows input_gradient's product, whoever computed it.
#pragma once

#include "kernels/device/vector_math.cuh"
#include "kernels/levels/row_lanes.cuh"
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/input_gradient/input_gradient.h"

namespace duel {

/// Products of `valid` samples from c on times their factors.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> times_factor(const InputGradient<float>& a, int c, int valid,
                                                            const RegisterRow<kCount>& product) {
  RegisterRow<kCount> d = product;
  if (a.factor) d = d * load_row<kCount>(a.factor.data + c, valid);
  return d;
}

/// d_below of row r from its products, through an activation. `vectorized`: such pieces of d_below are aligned.
template <int kCount>
__device__ __forceinline__ void finish_piece(const InputGradient<float>& a, int r, int c, int valid, bool vectorized,
                                             const RegisterRow<kCount>& product) {
  const auto d = times_factor<kCount>(a, c, valid, product);
  float* const to = a.d_below.data + static_cast<std::size_t>(r) * a.d_below.columns + a.below_column + c;
  const auto y =
      load_row<kCount>(a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column + c, valid);
  with_activation(a.below, a.slope, [&](auto f) { store_row(to, f.gradient(y, d), valid, vectorized); });
}

/// Row r's d_below, gamma and beta from its dY, which may lie in d_below; all lanes of the row must call it. With
/// dZ = dY lrelu'(a):  dbeta = sum dZ,  dgamma = sum dZ x̂,
/// dA = gamma inverse_deviation (dZ - dbeta / B - x̂ dgamma / B).
template <class Lanes>
__device__ __forceinline__ void through_batch_norm(const InputGradient<float>& a, int r, const float* d_output,
                                                   const UpdateStep& step) {
  using Piece = typename Lanes::Row;
  const int batch = a.d_below.columns;
  const float* const y = a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column;
  const float* const normalized = a.normalized.data + static_cast<std::size_t>(r) * batch;
  const auto d_z = [&](int c, int valid) {
    return leaky(load_row<Lanes::kWidth>(y + c, valid), load_row<Lanes::kWidth>(d_output + c, valid), a.slope);
  };
  Piece sum = Piece::filled(0.f), product_sum = Piece::filled(0.f);
  Lanes::for_each_piece(batch, [&](int c, int valid) {
    const Piece dz = d_z(c, valid);
    sum = sum + dz;
    product_sum = product_sum + dz * load_row<Lanes::kWidth>(normalized + c, valid);
  });
  const float scale = a.gamma.value.data[r] * a.inverse_deviation.data[r];
  const float d_beta = Lanes::sum(sum), d_gamma = Lanes::sum(product_sum);
  const float share = 1.f / static_cast<float>(batch);
  const Piece mean_beta = Piece::filled(d_beta * share), mean_gamma = Piece::filled(d_gamma * share);
  Lanes::for_each_piece(batch, [&](int c, int valid) {
    const Piece x = load_row<Lanes::kWidth>(normalized + c, valid);
    const Piece da = (d_z(c, valid) - mean_beta - x * mean_gamma) * scale;
    store_row(a.d_below.data + static_cast<std::size_t>(r) * batch + c, da, valid, false);
  });
  Lanes::meet();
  if constexpr (Lanes::kLanes == 1) {
    update_parameter(a.gamma, r, d_gamma, step);
    update_parameter(a.beta, r, d_beta, step);
  } else {  // two lanes side by side
    const bool is_gamma = Lanes::is_first_lane();
    if (threadIdx.x % Lanes::kLanes < 2)
      update_parameter(is_gamma ? a.gamma : a.beta, r, is_gamma ? d_gamma : d_beta, step);
  }
}

}  // namespace duel
