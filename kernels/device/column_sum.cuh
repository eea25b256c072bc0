// Sums over the rows of a matrix, for the columns that a block owns. Each thread adds up some rows of some columns in
// registers; threads that share columns combine through shared memory, always in the same order.
#pragma once

#include "kernels/device/register_row.cuh"

namespace duel {

template <int kThreads, int kColumns>
struct ColumnSum {
  static constexpr int kWidth = kColumns > kThreads ? kColumns / kThreads : 1;   ///< columns of one thread
  static constexpr int kGroups = kThreads > kColumns ? kThreads / kColumns : 1;  ///< threads that share a column
  static_assert(kWidth * kThreads == kColumns * kGroups);
  using Row = RegisterRow<kWidth>;

  /// A __shared__ variable of the kernel.
  struct Partials {
    float value[kGroups][kColumns];
  };

  static __device__ __forceinline__ int group() { return threadIdx.x / (kColumns / kWidth); }
  /// First of the thread's columns, counted within the block.
  static __device__ __forceinline__ int column() { return threadIdx.x % (kColumns / kWidth) * kWidth; }

  /// The total of the thread's columns. Every thread of the block must call it.
  static __device__ __forceinline__ Row combine(Partials& partials, const Row& mine) {
    if constexpr (kGroups == 1) {
      return mine;
    } else {
      __syncthreads();  // an earlier total has been read by everybody
      partials.value[group()][column()] = mine.get(0);
      __syncthreads();
      float total = 0.f;
#pragma unroll
      for (int g = 0; g < kGroups; ++g) total += partials.value[g][column()];
      return Row::filled(total);
    }
  }
};

}  // namespace duel
