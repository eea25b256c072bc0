// The two kernels between maxout's products: the largest piece of every unit, and the way back to it.
#pragma once

#include "kernels/device/column_sum.cuh"
#include "kernels/ops/linear_maxout/linear_maxout.h"
#include "kernels/runtime/launch.h"

namespace duel {

// A thread owns kUnits neighbouring values of `output`.
template <int kThreads, int kUnits>
__global__ void __launch_bounds__(kThreads)
    largest_piece_kernel(const float* __restrict__ linear, int pieces, float* __restrict__ output,
                         std::uint8_t* __restrict__ winner, std::size_t count) {
  const std::size_t begin = (static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x) * kUnits;
  for (std::size_t i = begin; i < begin + kUnits && i < count; ++i) {
    const float* piece = linear + i * pieces;
    float largest = piece[0];
    int best = 0;
    for (int p = 1; p < pieces; ++p) {
      const float value = piece[p];
      if (value <= largest || largest != largest) continue;  // neither larger nor the first NaN
      largest = value;
      best = p;
    }
    output[i] = largest;
    winner[i] = static_cast<std::uint8_t>(best);
  }
}

template <int kThreads, int kUnits>
void launch_largest_piece(const LinearMaxoutForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.output.size(), kThreads * kUnits), kThreads}, largest_piece_kernel<kThreads, kUnits>,
         a.linear.data, a.pieces, a.output.data, a.winner.data, a.output.size());
}

// A block owns kColumns columns of d_linear over all rows, so that the sums in d_bias have a fixed order.
template <int kThreads, int kColumns>
__global__ void __launch_bounds__(kThreads)
    to_winners_kernel(const std::uint8_t* __restrict__ winner, const float* __restrict__ d_output,
                      float* __restrict__ d_linear, float* __restrict__ d_bias, int rows, int columns, int pieces) {
  using Sum = ColumnSum<kThreads, kColumns>;
  __shared__ typename Sum::Partials partials;
  const int c = blockIdx.x * kColumns + Sum::column(), valid = columns - c, units = columns / pieces;
  int unit[Sum::kWidth], piece[Sum::kWidth];
#pragma unroll
  for (int i = 0; i < Sum::kWidth; ++i) {
    unit[i] = i < valid ? (c + i) / pieces : 0;
    piece[i] = (c + i) % pieces;
  }
  auto total = Sum::Row::filled(0.f);
  if (valid > 0) {
    for (int r = Sum::group(); r < rows; r += Sum::kGroups) {
      const std::size_t first_unit = static_cast<std::size_t>(r) * units;
      const auto d = transform(Sum::Row::filled(0.f), [&](int i, float zero) {
        return winner[first_unit + unit[i]] == piece[i] ? d_output[first_unit + unit[i]] : zero;
      });
      store_row(d_linear + static_cast<std::size_t>(r) * columns + c, d, valid, false);
      total = total + d;
    }
  }
  total = Sum::combine(partials, total);
  if (d_bias && valid > 0 && Sum::group() == 0) store_row(d_bias + c, total, valid, false);
}

template <int kThreads, int kColumns>
void launch_to_winners(const LinearMaxoutBackward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.d_linear.columns, kColumns), kThreads}, to_winners_kernel<kThreads, kColumns>,
         a.winner.data, a.d_output.data, a.d_linear.data, a.d_bias.data, a.d_linear.rows, a.d_linear.columns, a.pieces);
}

}  // namespace duel
