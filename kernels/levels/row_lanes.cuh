// Rows of a matrix shared out among a block: a warp takes a row, its lanes the row's values. On the CPU device the only
// thread takes every row, by whole vectors.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/device/register_row.cuh"

namespace duel {

template <int kThreads>
struct RowLanes {
  static_assert(kThreads == 1 || kThreads % 32 == 0);
  static constexpr int kLanes = kThreads == 1 ? 1 : 32;
#ifdef __CUDACC__
  static constexpr int kWidth = 1;  ///< neighbouring values of a lane
#else
  static constexpr int kWidth = kThreads == 1 ? 2 * kHostLanes : 1;
#endif
  static constexpr int kRowsAtATime = kThreads / kLanes;
  using Row = RegisterRow<kWidth>;

  static __device__ __forceinline__ int first_row() {
    return threadIdx.x / kLanes;
  }
  static __device__ __forceinline__ bool is_first_lane() {
    return threadIdx.x % kLanes == 0;
  }

  /// Calls f(column, valid) for the lane's pieces of a row of `columns` values: `valid` of kWidth are within it.
  template <class Function>
  static __device__ __forceinline__ void for_each_piece(int columns, Function f) {
    for (int c = threadIdx.x % kLanes * kWidth; c < columns; c += kLanes * kWidth) f(c, columns - c);
  }

  /// The sum over the row, in every lane, always added in the same order. All lanes of the row must call it.
  static __device__ __forceinline__ float sum(const Row& mine) {
    const float value = total(mine);
    if constexpr (kLanes == 1) {
      return value;
    } else {
      return warp_sum(value);
    }
  }

  /// What lanes read before, the first lane may write after.
  static __device__ __forceinline__ void meet() {
    if constexpr (kLanes > 1) __syncwarp();
  }
};

}  // namespace duel
