// Compiled into every library of external kernels, as its first object.
#include "kernels/external/library.h"

const char duel_kernel_abi[] = DUEL_KERNEL_ABI;

#ifdef DUEL_CPU_DEVICE
#include <cuda_runtime.h>

// The linker's names for the bounds of this library's section of __shared__ variables.
extern "C" {
extern char __start_simt_shared[] __attribute__((visibility("hidden")));
extern char __stop_simt_shared[] __attribute__((visibility("hidden")));
}

simt::SharedVariables duel_shared_variables() {
  // As a variable of the first object it lies at the begin of the section, whose bounds are those of the image that a
  // thread's copies are made from.
  __shared__ __align__(128) char first[128];
  return {first, static_cast<std::size_t>(__stop_simt_shared - __start_simt_shared)};
}
#endif
