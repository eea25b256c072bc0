#include "kernels/simt/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define SIMT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIMT_ASAN 1
#endif
#endif
#ifdef SIMT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace simt {
namespace {

std::size_t page_size() {
  static const std::size_t size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

}  // namespace

FiberStack::FiberStack(std::size_t bytes) : bytes_(bytes) {
  void* memory =
      mmap(nullptr, page_size() + bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "CPU device: stack of a fiber");
  mprotect(memory, page_size(), PROT_NONE);
  bottom_ = static_cast<char*>(memory) + page_size();
}

FiberStack::FiberStack(FiberStack&& other) noexcept
    : bottom_(std::exchange(other.bottom_, nullptr)), bytes_(other.bytes_) {}

FiberStack::~FiberStack() {
  if (bottom_) munmap(bottom_ - page_size(), page_size() + bytes_);
}

// A stack that was abandoned half-way still has AddressSanitizer's red zones of the frames that never returned.
static void remember_stack(FiberContext& context, const FiberStack& stack) {
#ifdef SIMT_ASAN
  __asan_unpoison_memory_region(stack.bottom(), stack.bytes());
#endif
  context.stack_bottom = stack.bottom();
  context.stack_bytes = stack.bytes();
}

#ifdef SIMT_USE_UCONTEXT

void prepare_fiber(FiberContext& context, const FiberStack& stack, void (*entry)()) {
  getcontext(&context.context);
  context.context.uc_stack.ss_sp = stack.bottom();
  context.context.uc_stack.ss_size = stack.bytes();
  context.context.uc_link = nullptr;
  makecontext(&context.context, entry, 0);
  remember_stack(context, stack);
}

static void raw_switch(FiberContext& from, FiberContext& to) {
  swapcontext(&from.context, &to.context);
}

#else

// Saves the callee-saved registers of the System V ABI on the old stack and restores those of the new one.
extern "C" void duel_simt_switch(void** save_stack_pointer, void* stack_pointer);
asm(R"(
.text
.p2align 4
.globl duel_simt_switch
.hidden duel_simt_switch
.type duel_simt_switch, @function
duel_simt_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size duel_simt_switch, .-duel_simt_switch
)");

void prepare_fiber(FiberContext& context, const FiberStack& stack, void (*entry)()) {
  // Hot frames of neighbouring fibers must not share cache sets: every stack starts at another line.
  const std::size_t stagger = (reinterpret_cast<std::uintptr_t>(stack.bottom()) / page_size() * 832) % 8192 / 64 * 64;
  auto* top = reinterpret_cast<std::uint64_t*>(stack.bottom() + stack.bytes() - 64 - stagger);
  *--top = 0;  // the return address that `entry` never uses; leaves the stack aligned as after a call
  *--top = reinterpret_cast<std::uint64_t>(entry);
  for (int saved_register = 0; saved_register < 6; ++saved_register) *--top = 0;
  context.stack_pointer = top;
  remember_stack(context, stack);
}

static void raw_switch(FiberContext& from, FiberContext& to) {
  duel_simt_switch(&from.stack_pointer, to.stack_pointer);
}

#endif

#ifdef SIMT_ASAN

void switch_fiber(FiberContext& from, FiberContext& to) {
  __sanitizer_start_switch_fiber(&from.fake_stack, to.stack_bottom, to.stack_bytes);
  raw_switch(from, to);
  __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
}

void fiber_started(FiberContext& host) {
  const void* bottom = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
  if (!host.stack_bottom) {
    host.stack_bottom = bottom;
    host.stack_bytes = bytes;
  }
}

#else

void switch_fiber(FiberContext& from, FiberContext& to) {
  raw_switch(from, to);
}
void fiber_started(FiberContext&) {}

#endif

}  // namespace simt
