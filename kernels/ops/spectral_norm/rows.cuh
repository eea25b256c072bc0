// The pieces of spectral normalization's kernels: which part of which weight a block owns.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/device/row_team.cuh"
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
