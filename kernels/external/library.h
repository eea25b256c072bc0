// What the library made of a kernel file exports besides duel_add_kernels (kernel_file.h).
#pragma once

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/shared_memory.h"
#endif

extern "C" {

/// The ABI of the build that made the library (kernel_abi() in library_build.h): a program refuses any other.
extern const char duel_kernel_abi[];

#ifdef DUEL_CPU_DEVICE
/// The calling OS thread's copies of the library's __shared__ variables.
simt::SharedVariables duel_shared_variables();
#endif
}
