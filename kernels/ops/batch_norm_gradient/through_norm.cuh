// The pieces of batch_norm_gradient's kernels.
#pragma once

#include "kernels/device/vector_math.cuh"
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/batch_norm/channel_lanes.cuh"
#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"

namespace duel {

/// Over some of a channel's values.
struct GradientSums {
  float d, product;  ///< of d, and of d x^

  __device__ __forceinline__ void add(const GradientSums& other) {
    d += other.d;
    product += other.product;
  }
};

__device__ __forceinline__ bool is_vectorized(const BatchNormGradient<float>& a) {
  return pieces_are_vectorized(a, a.d_linear, a.normalized, a.d_below) && (!a.output || is_vectorized(a.output));
}

/// Over a range of a channel's values. In every thread of the block, all of which must call it.
template <class Lanes>
__device__ __forceinline__ GradientSums sums_of(const BatchNormGradient<float>& a, const ChannelValues& values,
                                                const ChannelParts::Range& range, bool vectorized) {
  using Piece = typename Lanes::Piece;
  Piece sum = Piece::filled(0.f), product_sum = Piece::filled(0.f);
  Lanes::for_each_piece(values, range, [&](std::size_t place, int valid) {
    const Piece d = load_aligned_row<Lanes::kWidth>(a.d_linear.data + place, valid, vectorized);
    sum = sum + d;
    product_sum = product_sum + d * load_aligned_row<Lanes::kWidth>(a.normalized.data + place, valid, vectorized);
  });
  const float of_d = Lanes::sum(sum);
  return {of_d, Lanes::sum(product_sum)};
}

/// Writes d_below of a range of a channel's values, of a batch's sums.
template <class Lanes>
__device__ __forceinline__ void through_norm(const BatchNormGradient<float>& a, const ChannelValues& values,
                                             const ChannelParts::Range& range, const GradientSums& sums, float scale,
                                             bool vectorized) {
  using Piece = typename Lanes::Piece;
  const float share = 1.f / static_cast<float>(values.count());
  const Piece mean = Piece::filled(sums.d * share), product_mean = Piece::filled(sums.product * share);
  const auto load = [&](const float* from, int valid) {
    return load_aligned_row<Lanes::kWidth>(from, valid, vectorized);
  };
  Lanes::for_each_piece(values, range, [&](std::size_t place, int valid) {
    const Piece x = load(a.normalized.data + place, valid);
    const Piece d = (load(a.d_linear.data + place, valid) - mean - x * product_mean) * scale;
    float* const to = a.d_below.data + place;
    if (!a.output) return store_row(to, d, valid, vectorized);
    const Piece y = load(a.output.data + place, valid);
    with_activation(a.below, a.slope, [&](auto f) { store_row(to, f.gradient(y, d), valid, vectorized); });
  });
}

/// gamma / sqrt(variance + eps) of a channel in a batch.
__device__ __forceinline__ float scale_of(const BatchNormGradient<float>& a, int channel, int batch, float gamma) {
  return gamma * a.inverse_deviation.data[batch * a.channels() + channel];
}

/// Of the sums over all batches: for a single thread, when nobody reads gamma any more.
__device__ __forceinline__ void learn(const BatchNormGradient<float>& a, int channel, const GradientSums& sums) {
  if (!a.learns()) return;
  const UpdateStep step = step_of(a.optimizer);
  update_parameter(a.gamma, channel, sums.product, step);
  update_parameter(a.beta, channel, sums.d, step);
}

}  // namespace duel
