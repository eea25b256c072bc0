// For the first object of a module that is loaded beside the CPU device: its __shared__ variables. Included once.
#pragma once

#include <cuda_runtime.h>

#include "kernels/simt/shared_memory.h"

// The linker's names for the bounds of this module's section of __shared__ variables.
extern "C" {
extern char __start_simt_shared[] __attribute__((visibility("hidden")));
extern char __stop_simt_shared[] __attribute__((visibility("hidden")));
}

namespace simt {

/// As the calling OS thread sees them.
static SharedVariables own_shared_variables() {
  // As a variable of the first object it lies at the begin of the section, whose bounds are those of the image that a
  // thread's copies are made from.
  __shared__ __align__(128) char first[128];
  return {first, static_cast<std::size_t>(__stop_simt_shared - __start_simt_shared)};
}

}  // namespace simt
