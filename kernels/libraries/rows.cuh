// Kernels that follow a library's product: they own whole rows of the result, each by a warp, or by the only thread of
// a block on the CPU device. Kernels of ours do the same before they store; a library's product has to be read again.
#pragma once

#include "kernels/levels/row_lanes.cuh"
#include "kernels/runtime/launch.h"

namespace duel {

#ifdef __CUDACC__
inline constexpr int kRowThreads = 256, kRowsPerBlock = 8;
#else
inline constexpr int kRowThreads = 1, kRowsPerBlock = 16;
#endif

using LibraryLanes = RowLanes<kRowThreads>;

/// Calls f(row) for each row of the lane's block.
template <class Function>
__device__ __forceinline__ void for_each_row_of_block(int rows, Function f) {
  const int first = static_cast<int>(blockIdx.x) * kRowsPerBlock;
  for (int i = LibraryLanes::first_row(); i < kRowsPerBlock && first + i < rows; i += LibraryLanes::kRowsAtATime) {
    f(first + i);
  }
}

/// Blocks for so many rows.
inline LaunchShape row_blocks(int rows) {
  return {blocks_for(static_cast<std::size_t>(rows), kRowsPerBlock), kRowThreads};
}

}  // namespace duel
