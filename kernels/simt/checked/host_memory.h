// The host's memory as a kernel may see it.
#pragma once

#include <cstdint>

namespace simt {

/// Whether the address belongs to the program or a loaded library: constants, and variables, which nvcc refuses in
/// kernels where they are none of the device's.
bool is_of_program(std::uintptr_t address);

/// Whether [address, address + bytes) are threadIdx and the like, of the calling OS thread.
bool is_thread_index(std::uintptr_t address, unsigned bytes);

}  // namespace simt
