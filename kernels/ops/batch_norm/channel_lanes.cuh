// The values of a channel dealt out among a block's threads, by pieces of neighbouring ones. On the CPU device the only
// thread of a block takes wider pieces.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/device/register_row.cuh"
#include "kernels/levels/block_product.cuh"
#include "kernels/ops/batch_norm/channel_values.h"

namespace duel {

template <int kThreads>
struct ChannelLanes {
#ifdef __CUDACC__
  static constexpr int kWidth = ChannelParts::kWidth;
#else
  static constexpr int kWidth = kThreads == 1 ? 4 * kHostLanes : ChannelParts::kWidth;
#endif
  using Piece = RegisterRow<kWidth>;

  static __device__ __forceinline__ ChannelParts::Range all(const ChannelValues& values) {
    return {0, values.pieces(kWidth)};
  }

  /// Calls f(place, valid) for the thread's pieces of a range: `valid` of kWidth values from `place` on in a matrix are
  /// of its run.
  template <class Function>
  static __device__ __forceinline__ void for_each_piece(const ChannelValues& values, const ChannelParts::Range& range,
                                                        Function f) {
    const int of_run = values.pieces_of_run(kWidth);
    int run = 0, piece = 0;
#pragma unroll 4
    for (int i = range.first + threadIdx.x; i < range.end; i += kThreads) {
      if constexpr (kThreads > 1) run = i / of_run, piece = i % of_run;
      f(values.begin + static_cast<std::size_t>(run) * values.stride + piece * kWidth, values.length - piece * kWidth);
      if constexpr (kThreads == 1) {
        if (++piece == of_run) ++run, piece = 0;
      }
    }
  }

  /// The sum of a value per place of a piece and thread, in every thread. Every thread of the block must call it.
  static __device__ __forceinline__ float sum(const Piece& mine) {
    return block_sum<kThreads>(total(mine));
  }
};

/// Whether pieces of all of these matrices, where they are there, are aligned to 16 bytes.
template <class Arguments, class... Matrices>
__device__ __forceinline__ bool pieces_are_vectorized(const Arguments& a, const Matrices&... matrices) {
  return a.split % 4 == 0 && (is_vectorized(matrices) && ...);
}

}  // namespace duel
