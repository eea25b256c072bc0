// The pieces of spectral normalization's kernels: which part of which weight a block owns, and products of rows.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/device/register_row.cuh"
#include "kernels/ops/spectral_norm/spectral_weights.h"

namespace duel {

/// A block's piece of a weight.
struct SpectralPiece {
  int index;   ///< of the weight
  int number;  ///< among its weight's pieces

  /// Where each weight has pieces_of(weight) of them: that of block blockIdx.x.
  template <class PiecesOf>
  __device__ __forceinline__ SpectralPiece(const SpectralWeights& weights, PiecesOf pieces_of)
      : index(0), number(static_cast<int>(blockIdx.x)) {
#pragma unroll 1
    for (int pieces = pieces_of(weights.list[0]); number >= pieces; pieces = pieces_of(weights.list[index])) {
      number -= pieces;
      ++index;
    }
  }
};

/// Threads that share a row: a warp, whose lanes take neighbouring values; of a block of one thread that one, which
/// takes many at a time. Of `kTeam` threads that share a vector likewise.
template <int kTeam>
struct RowTeam {
  static constexpr int kWidth = kTeam == 1 ? 64 : 1;
  using Values = RegisterRow<kWidth>;

  /// f(i, count - i) for every piece of kWidth values that belongs to this thread.
  template <class Function>
  static __device__ __forceinline__ void for_each_piece(int count, Function f) {
    const int first = static_cast<int>(threadIdx.x) % kTeam * kWidth;
#pragma unroll 4
    for (int i = first; i < count; i += kTeam * kWidth) f(i, count - i);
  }

  /// This thread's share of the product of two vectors.
  static __device__ __forceinline__ float product(const float* a, const float* b, int count) {
    Values sum = Values::filled(0.f);
    for_each_piece(
        count, [&](int i, int valid) { sum = sum + load_row<kWidth>(a + i, valid) * load_row<kWidth>(b + i, valid); });
    return total(sum);
  }
};

/// A block's rows of a weight.
template <int kThreads>
struct SpectralPart {
  static constexpr int kTeam = kThreads == 1 ? 1 : 32;
  using Team = RowTeam<kTeam>;

  SpectralPiece piece;
  SpectralWeight weight;

  __device__ __forceinline__ explicit SpectralPart(const SpectralWeights& weights)
      : piece(weights, [](const SpectralWeight& one) { return one.parts(); }), weight(weights.list[piece.index]) {}

  /// f(row) for each of this thread's team.
  template <class Function>
  __device__ __forceinline__ void for_each_row(Function f) const {
    const int size = weight.rows_of_part(), begin = piece.number * size;
    const int end = begin + size < weight.rows ? begin + size : weight.rows;
#pragma unroll 1
    for (int row = begin + static_cast<int>(threadIdx.x) / kTeam; row < end; row += kThreads / kTeam) f(row);
  }
};

}  // namespace duel
