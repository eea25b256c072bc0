// The sum of one value per thread over a block: warp shuffles and one exchange through shared memory.
#pragma once

#include <cuda_runtime.h>

namespace duel {

__device__ __forceinline__ float warp_sum(float value) {
#pragma unroll
  for (int offset = 16; offset > 0; offset /= 2) value += __shfl_xor_sync(0xffffffffu, value, offset);
  return value;
}

/// The total, in every thread, always added in the same order. kThreads is blockDim.x: 1, or a multiple of 32 up to
/// 1024. Every thread of the block must call it.
template <int kThreads>
__device__ __forceinline__ float block_sum(float value) {
  static_assert(kThreads == 1 || (kThreads % 32 == 0 && kThreads <= 1024));
  if constexpr (kThreads == 1) {
    return value;
  } else {
    constexpr int kWarps = kThreads / 32;
    __shared__ float partial[kWarps];
    value = warp_sum(value);
    __syncthreads();  // the partial sums of an earlier call have been read
    if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = value;
    __syncthreads();
    float total = 0.f;
#pragma unroll
    for (int warp = 0; warp < kWarps; ++warp) total += partial[warp];
    return total;
  }
}

}  // namespace duel
