// Fibers: stacks of their own and the switch between them. x86-64 has a switch in assembly (about 3 ns); other
// processors use ucontext, which is slower but everywhere (also with -DDUEL_SIMT_UCONTEXT).
#pragma once

#include <cstddef>

#include "kernels/simt/sanitizer.h"

#if !defined(__x86_64__) || defined(DUEL_SIMT_UCONTEXT)
#define SIMT_USE_UCONTEXT 1
#include <ucontext.h>
#endif

namespace simt {

/// A stack with an inaccessible page below it, so that an overflow faults instead of corrupting a neighbour.
class FiberStack {
 public:
  explicit FiberStack(std::size_t bytes);
  FiberStack(FiberStack&& other) noexcept;
  FiberStack& operator=(FiberStack&&) = delete;
  ~FiberStack();

  char* bottom() const { return bottom_; }
  std::size_t bytes() const { return bytes_; }
  static std::size_t guard_bytes();  ///< inaccessible ones below it

 private:
  char* bottom_ = nullptr;
  std::size_t bytes_ = 0;
};

/// One side of a switch: a fiber that is not running, or the OS thread's own stack.
struct FiberContext {
#ifdef SIMT_USE_UCONTEXT
  ucontext_t context;
#else
  void* stack_pointer = nullptr;
#endif
  // for AddressSanitizer, which must know the stack it moves to
  const void* stack_bottom = nullptr;
  std::size_t stack_bytes = 0;
  void* fake_stack = nullptr;
};

/// Prepares `context` so that the first switch to it calls `entry`, which must never return.
void prepare_fiber(FiberContext& context, const FiberStack& stack, void (*entry)());

#ifdef SIMT_USE_UCONTEXT
inline void raw_switch(FiberContext& from, FiberContext& to) {
  swapcontext(&from.context, &to.context);
}
#else
extern "C" void duel_simt_switch(void** save_stack_pointer, void* stack_pointer);
inline void raw_switch(FiberContext& from, FiberContext& to) {
  duel_simt_switch(&from.stack_pointer, to.stack_pointer);
}
#endif

#ifdef SIMT_ASAN
/// Whether the OS thread is between two stacks: AddressSanitizer refuses another switch then.
inline thread_local volatile bool is_switching = false;
#else
inline constexpr bool is_switching = false;
#endif

/// Saves the running side in `from` and continues `to`. Returns when somebody switches back.
inline void switch_fiber(FiberContext& from, FiberContext& to) {
#ifdef SIMT_ASAN
  is_switching = true;
  __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_bottom, to.stack_bytes);
#endif
  raw_switch(from, to);
#ifdef SIMT_ASAN
  __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
  is_switching = false;
#endif
}

/// The first thing a fiber's entry does. `host`: the OS thread's own side, which has started the first of all fibers.
void fiber_started(FiberContext& host);

}  // namespace simt
