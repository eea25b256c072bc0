// The pieces of batch_norm's kernels.
#pragma once

#include "kernels/ops/batch_norm/batch_norm.h"
#include "kernels/ops/batch_norm/channel_lanes.cuh"
#include "kernels/ops/batch_norm/running_averages.cuh"

namespace duel {

__device__ __forceinline__ bool is_vectorized(const BatchNorm<float>& a) {
  return pieces_are_vectorized(a, a.input, a.output) && (!a.normalized || is_vectorized(a.normalized));
}

/// Of a range of a channel's input, `count` values; the variance is biased. In every thread of the block, all of which
/// must call it.
template <class Lanes>
__device__ __forceinline__ BatchMoments<float> moments_of(const BatchNorm<float>& a, const ChannelValues& values,
                                                          const ChannelParts::Range& range, int count,
                                                          bool vectorized) {
  using Piece = typename Lanes::Piece;
  const auto load = [&](std::size_t place, int valid) {
    return load_aligned_row<Lanes::kWidth>(a.input.data + place, valid, vectorized);
  };
  const float share = count > 0 ? 1.f / static_cast<float>(count) : 0.f;
  Piece sum = Piece::filled(0.f);
  Lanes::for_each_piece(values, range, [&](std::size_t place, int valid) { sum = sum + load(place, valid); });
  const float mean = Lanes::sum(sum) * share;
  sum = Piece::filled(0.f);
  Lanes::for_each_piece(values, range, [&](std::size_t place, int valid) {
    const Piece centered = load(place, valid) - Piece::filled(mean);
    sum = sum + (valid >= Lanes::kWidth ? centered * centered : first_values(centered * centered, valid));
  });
  return {mean, Lanes::sum(sum) * share};
}

__device__ __forceinline__ BatchMoments<float> running_moments(const BatchNorm<float>& a, int channel) {
  return {a.running_mean.data[channel], a.running_variance.data[channel]};
}

__device__ __forceinline__ float inverse_deviation(const BatchNorm<float>& a, const BatchMoments<float>& moments) {
  return 1.f / sqrtf(moments.variance + a.eps);
}

/// Writes x^ and y of a range of a channel's values.
template <class Lanes>
__device__ __forceinline__ void normalize(const BatchNorm<float>& a, int channel, const ChannelValues& values,
                                          const ChannelParts::Range& range, const BatchMoments<float>& moments,
                                          bool vectorized) {
  using Piece = typename Lanes::Piece;
  const Piece mean = Piece::filled(moments.mean), beta = Piece::filled(a.beta.data[channel]);
  const float inverse = inverse_deviation(a, moments), gamma = a.gamma.data[channel];
  Lanes::for_each_piece(values, range, [&](std::size_t place, int valid) {
    const Piece x = (load_aligned_row<Lanes::kWidth>(a.input.data + place, valid, vectorized) - mean) * inverse;
    const Piece y = x * gamma + beta;
    if (a.normalized) store_row(a.normalized.data + place, x, valid, vectorized);
    store_row(a.output.data + place, leaky(y, y, a.slope), valid, vectorized);
  });
}

/// Of a batch's moments of a channel: for a single thread.
__device__ __forceinline__ void keep_statistics(const BatchNorm<float>& a, int channel, int batch,
                                                const BatchMoments<float>& moments, int count) {
  a.inverse_deviation.data[batch * a.channels() + channel] = inverse_deviation(a, moments);
  move_running_averages(a, channel, moments.mean, moments.variance, count);
}

}  // namespace duel
