// For kernels that call libraries, whose accesses nobody sees: says what the library is about to touch, so that
// checked builds (preset cpu-race) check it too. Nothing in other builds.
#pragma once

#include <cstddef>

namespace simt {

#ifdef DUEL_CHECKED
/// The running thread reads or writes [pointer, pointer + bytes) by other means than instrumented code.
void external_access(const void* pointer, std::size_t bytes, bool is_write);
/// From now on [pointer, pointer + bytes) may change at any time for the running thread: as a write, but nothing moves.
void begin_change(const void* pointer, std::size_t bytes);
// Called by atomics.h and thread_model.h: an atomic operation and a fence of the running thread.
void atomic_access(const void* pointer, std::size_t bytes);
void fence_access();
// Called by programmatic_launch.cuh: the running thread has waited for the kernels before this one.
void await_previous_kernel();
#else
inline void external_access(const void*, std::size_t, bool) {}
inline void begin_change(const void*, std::size_t) {}
inline void atomic_access(const void*, std::size_t) {}
inline void fence_access() {}
inline void await_previous_kernel() {}
#endif

}  // namespace simt
