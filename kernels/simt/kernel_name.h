#pragma once

#include <string>

namespace simt {

/// The demangled name of a kernel, or "kernel at 0x..." where the program's symbols do not tell.
std::string kernel_name(const void* function);

}  // namespace simt
