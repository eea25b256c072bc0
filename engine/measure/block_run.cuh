// Kernels that walk over an array of float4: a block owns 64 KiB, its threads neighbouring values: coalesced on a GPU;
// with one thread per block, as on the CPU device, a contiguous run for a worker.
#pragma once

#include "kernels/runtime/launch.h"

namespace duel {

#ifdef DUEL_CPU_DEVICE
inline constexpr int kRunThreads = 1;
#else
inline constexpr int kRunThreads = 256;
#endif
inline constexpr std::size_t kRunValues = (std::size_t{64} << 10) / sizeof(float4);

/// Calls f(i) for the thread's share of the values i < count.
template <class Function>
__device__ __forceinline__ void for_each_of_run(std::size_t count, Function f) {
  const std::size_t begin = blockIdx.x * kRunValues;
  const std::size_t end = begin + kRunValues < count ? begin + kRunValues : count;
  for (std::size_t i = begin + threadIdx.x; i < end; i += kRunThreads) f(i);
}

/// The launch of such a kernel.
inline LaunchShape runs_over(std::size_t count) {
  return {blocks_for(count, kRunValues), kRunThreads};
}

}  // namespace duel
