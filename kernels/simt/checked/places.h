// Addresses of instructions in 32 bits, and as text.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace simt {

/// 0 where the address lies in no program or library. Remembered for the life of the process.
std::uint32_t short_place(std::uintptr_t address);
std::uintptr_t full_place(std::uint32_t place);

/// "function at file:line", innermost first where functions were inlined, e.g. "f at a.h:3, in k at b.cu:7". Asks
/// llvm-symbolizer or addr2line; where neither is installed, or the program has no debug information: "module+0x123".
std::string describe_place(std::uintptr_t address);

/// Who called: the return addresses of the calling functions, innermost first; 0 after the last.
using CallStack = std::array<std::uintptr_t, 8>;
CallStack call_stack();
/// The first of them that is neither of the runtime's owners (kernels/runtime) nor of the standard library.
std::string describe_caller(const CallStack& stack);

}  // namespace simt
