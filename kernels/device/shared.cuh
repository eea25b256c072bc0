// Dynamic shared memory under one spelling for nvcc and host compilers.
#pragma once

#include <cuda_runtime.h>

namespace duel {

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
