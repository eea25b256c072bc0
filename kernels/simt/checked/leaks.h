// What was made through the runtime API and not released: streams, events, graphs; allocations are the arena's.
#pragma once

#include <string>

namespace simt::leaks {

/// `kind`: what leak_report() calls it. The caller of the API is remembered.
void made(const void* handle, const char* kind);
void released(const void* handle);

}  // namespace simt::leaks
