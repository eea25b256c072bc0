// Dynamic shared memory under one spelling for nvcc and host compilers.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

#include "kernels/runtime/launch.h"

namespace duel {

/// Whether a variable of T must be dynamic shared memory. Blocks of one thread run on the CPU device only, where static
/// shared memory has no limit.
template <class T, int kThreads>
inline constexpr bool kNeedsDynamicShared = (kThreads > 1 && sizeof(T) > kStaticSharedBytes);
/// What to ask for at the launch of a kernel whose shared memory is a T.
template <class T, int kThreads>
inline constexpr std::size_t kDynamicSharedBytes = kNeedsDynamicShared<T, kThreads> ? sizeof(T) : 0;

/// The block's dynamic shared memory, as large as the launch said, aligned to 128 bytes.
template <class T>
__device__ __forceinline__ T* dynamic_shared() {
#ifdef __CUDACC__
  extern __shared__ __align__(128) unsigned char duel_dynamic_shared[];
  return reinterpret_cast<T*>(duel_dynamic_shared);
#else
  return static_cast<T*>(simt::dynamic_shared_memory());
#endif
}

}  // namespace duel
