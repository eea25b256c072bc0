#pragma once

#include <string>

namespace simt {

/// The demangled name of a kernel, or "kernel at 0x..." where the program's symbols do not tell.
std::string kernel_name(const void* function);

/// "void f<(Mode)1>(float*, int)" -> "f<(Mode)1>": templates are demangled with their result, all with parameters.
std::string without_signature(const std::string& demangled);

}  // namespace simt
