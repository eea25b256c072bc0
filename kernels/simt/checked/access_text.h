// Accesses in words.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/simt/checked/checker.h"

namespace simt {

/// "read", "write" or "atomic".
std::string verb(Touch touch);
/// "write of 4 bytes at function at file:line".
std::string access_text(const KernelAccess& access);
/// Of an address in the arena: "8 bytes into an allocation of 400 bytes, allocated at file:line"; "no allocation".
std::string allocation_text(std::uintptr_t address);

}  // namespace simt
