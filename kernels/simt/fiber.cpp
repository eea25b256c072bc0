#include "kernels/simt/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace simt {
namespace {

std::size_t page_size() {
  static const std::size_t size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

}  // namespace

std::size_t FiberStack::guard_bytes() {
  return page_size();
}

FiberStack::FiberStack(std::size_t bytes) : bytes_(bytes) {
  void* memory =
      mmap(nullptr, page_size() + bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "CPU device: stack of a fiber");
  if (mprotect(memory, page_size(), PROT_NONE) != 0) {
    munmap(memory, page_size() + bytes);
    throw std::system_error(errno, std::generic_category(), "CPU device: guard page of a fiber");
  }
  bottom_ = static_cast<char*>(memory) + page_size();
}

FiberStack::FiberStack(FiberStack&& other) noexcept
    : bottom_(std::exchange(other.bottom_, nullptr)), bytes_(other.bytes_) {}

FiberStack::~FiberStack() {
  if (!bottom_) return;
  ASAN_UNPOISON_MEMORY_REGION(bottom_, bytes_);  // red zones of waiting frames; the next user of the addresses has none
  munmap(bottom_ - page_size(), page_size() + bytes_);
}

// A stack that was abandoned half-way still has AddressSanitizer's red zones of the frames that never returned.
static void remember_stack(FiberContext& context, const FiberStack& stack) {
  ASAN_UNPOISON_MEMORY_REGION(stack.bottom(), stack.bytes());
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

#else

// Saves the callee-saved registers of the System V ABI on the old stack and restores those of the new one.
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

#endif

void fiber_started([[maybe_unused]] FiberContext& host) {
#ifdef SIMT_ASAN
  const void* bottom = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
  is_switching = false;
  if (!host.stack_bottom) {
    host.stack_bottom = bottom;
    host.stack_bytes = bytes;
  }
#endif
}

}  // namespace simt
