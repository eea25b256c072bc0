// Programmatic dependent launch: a kernel whose launch says LaunchShape::overlaps_previous may start while the kernel
// before it in the stream still runs, so that the launch itself costs no time. Source: CUDA C++ Programming Guide,
// "Programmatic Dependent Launch and Synchronization"; PTX ISA, griddepcontrol (sm_90 and later).
#pragma once

#include <cuda_runtime.h>

namespace duel {

/// Returns when the kernels before this one have ended and what they wrote can be seen. Every thread of a kernel that
/// overlaps must call it before its first access to global memory; elsewhere it returns at once.
__device__ __forceinline__ void wait_for_previous_kernel() {
#ifndef __CUDACC__
  simt::await_previous_kernel();
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

/// The next kernel may start once every block of this one has come here or ended. Promises nothing about memory.
__device__ __forceinline__ void let_next_kernel_start() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;");
#endif
}

/// What the kernels of an iteration begin with. In this order no more than one kernel waits for the one that runs:
/// several would share out its multiprocessors unevenly.
__device__ __forceinline__ void begin_overlapping_kernel() {
  wait_for_previous_kernel();
  let_next_kernel_start();
}

}  // namespace duel
