// Portable builds have the kernels in several libraries (docs/cpu-device.md): the one that was loaded tells its level.
#pragma once

#include <string>

namespace simt {

/// The value of -march that the kernels were compiled with, such as x86-64-v3; "" in other builds, which have one only.
std::string kernel_level();

/// Called once, while the library of kernels is loaded.
void set_kernel_level(const char* level);

}  // namespace simt
