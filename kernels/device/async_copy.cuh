// Copies from global to shared memory that go on while the thread works. Copies that a thread has begun form a group
// when it commits them; it waits for groups, oldest first. Only then are they there, and only for the thread itself:
// others need a barrier after the wait. Between beginning and wait the destination may change at any time.
//
// GPUs before compute capability 8.0 copy at once, through registers. The CPU device copies at the wait and not before
// (kernels/simt/async_copy.h).
// Source: PTX ISA, "cp.async", "cp.async.commit_group", "cp.async.wait_group".
#pragma once

#include <cuda_runtime.h>

#ifndef __CUDACC__
#include "kernels/simt/async_copy.h"
#endif

namespace duel {

/// Begins a copy of kCount floats, 1 or 4 that are aligned to 16 bytes on both sides; zeros where not `inside`. Then
/// `from` need not point to anything.
template <int kCount>
__device__ __forceinline__ void copy_async(float* to, const float* from, bool inside) {
  static_assert(kCount == 1 || kCount == 4);
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  const auto address = static_cast<unsigned>(__cvta_generic_to_shared(to));
  const auto source = __cvta_generic_to_global(from);
  const int bytes = inside ? 4 * kCount : 0;  // the hardware fills up with zeros and reads nothing beyond
  if constexpr (kCount == 4) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(address), "l"(source), "r"(bytes) : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(address), "l"(source), "r"(bytes) : "memory");
  }
#elif defined(__CUDACC__)
  if constexpr (kCount == 4) {
    *reinterpret_cast<float4*>(to) = inside ? *reinterpret_cast<const float4*>(from) : make_float4(0.f, 0.f, 0.f, 0.f);
  } else {
    *to = inside ? *from : 0.f;
  }
#else
  simt::begin_change(to, 4 * kCount);
  simt::queue_async_copy({to, inside ? from : nullptr, 4 * kCount});
#endif
}

/// The copies begun since the last call are a group, even if there are none.
__device__ __forceinline__ void commit_copies() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#elif !defined(__CUDACC__)
  simt::commit_async_copies();
#endif
}

/// Waits until of the thread's groups no more than the last kPending are under way.
template <int kPending>
__device__ __forceinline__ void wait_for_copies() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
#elif !defined(__CUDACC__)
  simt::AsyncCopy copy;
  while (simt::take_async_copy(kPending, copy)) {  // here, where checked builds see the accesses
    auto* const to = static_cast<float*>(copy.to);
    const auto* const from = static_cast<const float*>(copy.from);
    if (copy.bytes == 4) {
      *to = from ? *from : 0.f;
    } else {
      const float4 zero = make_float4(0.f, 0.f, 0.f, 0.f);
      *reinterpret_cast<float4*>(to) = from ? *reinterpret_cast<const float4*>(from) : zero;
    }
  }
#endif
}

}  // namespace duel
