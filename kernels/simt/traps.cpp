#include "kernels/simt/traps.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "kernels/simt/block_runner.h"
#include "kernels/simt/device.h"
#include "kernels/simt/fiber.h"
#include "kernels/simt/host_trap.h"
#include "kernels/simt/memory.h"
#include "kernels/simt/sanitizer.h"
#include "kernels/simt/symbolizer.h"

namespace simt {
namespace {

constexpr std::size_t kSignalStackBytes = 64 << 10;
constexpr int kInterrupt = SIGURG;  // ignored by default: one that comes too late does no harm

struct Handled {
  int signal;
  const char* name;
  struct sigaction before;
};
Handled g_handled[] = {{SIGSEGV, "SIGSEGV", {}},
                       {SIGBUS, "SIGBUS", {}},
                       {SIGFPE, "SIGFPE", {}},
                       {SIGILL, "SIGILL", {}},
                       {SIGABRT, "SIGABRT", {}}};

// Of which op and variant something was; lock-free, for handlers of signals.
struct Remembered {
  std::atomic<const char*> op = nullptr, variant = nullptr;
  std::atomic<bool> any = false;

  void set(Launcher launcher) {
    op.store(launcher.op, std::memory_order_relaxed);
    variant.store(launcher.variant, std::memory_order_relaxed);
    any.store(true, std::memory_order_relaxed);
  }
};
Remembered g_last_kernel, g_last_launcher;
std::atomic<void (*)(const Trap&)> g_leave_host = nullptr;

// Where the thread was when the signal came; 0 on processors that are not known here.
struct Place {
  std::uintptr_t stack = 0, code = 0;
};
Place place_of([[maybe_unused]] const ucontext_t& context) {
#if defined(__x86_64__)
  return {static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]),
          static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP])};
#elif defined(__aarch64__)
  return {context.uc_mcontext.sp, context.uc_mcontext.pc};
#else
  return {};
#endif
}

bool is_read([[maybe_unused]] const ucontext_t& context) {
#if defined(__x86_64__)
  constexpr auto kWrite = 2;  // of a page fault's error code
  return (context.uc_mcontext.gregs[REG_ERR] & kWrite) == 0;
#else
  return false;  // unknown
#endif
}

#if defined(__x86_64__)
// Whether the instruction moves a vector that must be aligned: MOVAPS, MOVAPD, MOVDQA, MOVNTPS, MOVNTDQ in their
// legacy, VEX and EVEX encodings. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
bool moves_aligned_vector(const unsigned char* code) {
  constexpr unsigned char kEscape = 0x0f, kVex2 = 0xc5, kVex3 = 0xc4, kEvex = 0x62, kOperandSize = 0x66;
  bool is_66 = false;
  while (*code == kOperandSize || *code == 0xf2 || *code == 0xf3 || (*code & 0xf0) == 0x40)
    is_66 |= *code++ == kOperandSize;
  unsigned map = 1;
  unsigned char opcode = 0;
  switch (*code) {
    case kEscape:
      opcode = code[1];
      break;
    case kVex2:
      is_66 = (code[1] & 3) == 1;
      opcode = code[2];
      break;
    case kVex3:
      map = code[1] & 0x1f;
      is_66 = (code[2] & 3) == 1;
      opcode = code[3];
      break;
    case kEvex:
      map = code[1] & 7;
      is_66 = (code[2] & 3) == 1;
      opcode = code[4];
      break;
    default:
      return false;
  }
  if (map != 1) return false;
  if (opcode == 0x6f || opcode == 0x7f) return is_66;
  return opcode == 0x28 || opcode == 0x29 || opcode == 0x2b || opcode == 0xe7;
}
#endif

// x86-64 answers to a vector that is not aligned as to an address outside of what processors can have.
bool is_misaligned(const siginfo_t& info, [[maybe_unused]] const ucontext_t& context) {
  if (info.si_signo == SIGBUS) return info.si_code == BUS_ADRALN;
#if defined(__x86_64__)
  return info.si_code == SI_KERNEL &&
         moves_aligned_vector(reinterpret_cast<const unsigned char*>(place_of(context).code));
#else
  return false;
#endif
}

// `block`: whose thread did it; nullptr: code of the host.
bool is_below_stack(std::uintptr_t address, const ucontext_t& context, const BlockRunner* block) {
  if (block) return block->is_below_stack(address);
  constexpr std::uintptr_t kNear = 64 << 10;  // what is that near to a stack that has room is the stack
  const std::uintptr_t stack = place_of(context).stack;
  return address - stack + kNear < 2 * kNear;
}

Trap bad_access(const siginfo_t& info, const ucontext_t& context, const BlockRunner* block) {
  if (is_misaligned(info, context)) {
    return {.code = cudaErrorMisalignedAddress, .what = "misaligned access by an instruction on vectors"};
  }
  if (info.si_code <= 0 || info.si_code == SI_KERNEL) {
    return {.code = cudaErrorIllegalAddress,
            .what = "access to an address that no memory can have",
            .spoils_process = true};
  }
  if (is_below_stack(reinterpret_cast<std::uintptr_t>(info.si_addr), context, block)) {
    return {.code = cudaErrorHardwareStackError, .what = "the thread has used up its stack"};
  }
  const bool reads = is_read(context);
  return {.code = cudaErrorIllegalAddress,
          .what = reads ? "illegal read" : "illegal write",
          .address = info.si_addr,
          .has_address = true,
          .spoils_process = !reads};
}

Trap kind_of_trap(int signal, const siginfo_t& info, const ucontext_t& context, const BlockRunner* block) {
  switch (signal) {
    case SIGFPE:
      return {.code = cudaErrorLaunchFailure,
              .what = "integer division by zero, or a quotient that is too large (a GPU goes on with any number)"};
    case SIGILL:
      return {.code = cudaErrorIllegalInstruction,
              .what = "illegal instruction, or a trap that the compiler put there"};
    case SIGABRT:
      return {.code = cudaErrorAssert, .what = "an assertion failed, or abort() was called", .spoils_process = true};
    default:
      return bad_access(info, context, block);
  }
}

Trap trap_of(int signal, const siginfo_t& info, const ucontext_t& context, const BlockRunner* block) {
  Trap trap = kind_of_trap(signal, info, context, block);
  if (signal != SIGABRT) trap.code_place = place_of(context).code;
  return trap;
}

void write_text(const char* text) {
  if (text) static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
}

// Only what is allowed in handlers of signals: the heap may be what is damaged.
void tell_last(const char* what, const Remembered& last) {
  const char *op = last.op.load(std::memory_order_relaxed), *variant = last.variant.load(std::memory_order_relaxed);
  if (!op || !variant) return;
  for (const char* text : {what, op, "=", variant}) write_text(text);
}
void tell_last_kernel(const char* signal) {
  if (!g_last_kernel.any.load(std::memory_order_relaxed) && !g_last_launcher.any.load(std::memory_order_relaxed))
    return;
  for (const char* text : {"\nCPU device: ", signal, " outside of kernels"}) write_text(text);
  tell_last("; the last one that ran is of ", g_last_kernel);
  tell_last("; the last launcher is that of ", g_last_launcher);
  write_text(
      ". A kernel or launcher that wrote out of bounds, or a thread that it started, may have caused it; the build "
      "preset cpu-race names such writes.\n");
}

void on_trap(int signal, siginfo_t* info, void* context_pointer) {
  const int error = errno;
  const auto& context = *static_cast<const ucontext_t*>(context_pointer);
  // Another process's kill says nothing about the code that runs.
  const bool is_from_outside = info->si_code == SI_USER && info->si_pid != getpid();
  BlockRunner* block = is_from_outside ? nullptr : BlockRunner::current();
  if (block && block->is_on_stack(place_of(context).stack)) block->leave(trap_of(signal, *info, context, block));
  const auto leave_host = g_leave_host.load();
  if (leave_host && !block && !is_from_outside) leave_host(trap_of(signal, *info, context, nullptr));
  for (const Handled& handled : g_handled) {
    if (handled.signal != signal) continue;
    tell_last_kernel(handled.name);
    sigaction(signal, &handled.before, nullptr);  // who had it before gets it, when the instruction is tried again
  }
  if (info->si_code <= 0) raise(signal);  // sent by somebody: no instruction is tried again
  errno = error;
}

void on_interrupt(int, siginfo_t*, void* context_pointer) {
  const int error = errno;
  const Place place = place_of(*static_cast<const ucontext_t*>(context_pointer));
  BlockRunner* block = BlockRunner::current();
  if (!is_switching && block && block->is_given_up(place.code) && block->is_on_stack(place.stack)) {
    block->leave({.code = cudaErrorLaunchTimeout, .what = nullptr, .spoils_process = true});
  }
  errno = error;
}

// Handlers leave by a switch to another stack, so nothing may be blocked in them.
struct sigaction action_of(void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
  sigemptyset(&action.sa_mask);
  return action;
}

}  // namespace

void handle_traps() {
  const struct sigaction interrupt_action = action_of(on_interrupt);
  sigaction(kInterrupt, &interrupt_action, nullptr);
  if (kAddressSanitizer) return;
  const struct sigaction trap_action = action_of(on_trap);
  for (Handled& handled : g_handled) {
    struct sigaction before {};
    sigaction(handled.signal, &trap_action, &before);
    if (before.sa_sigaction != on_trap) handled.before = before;
  }
}

SignalStack::SignalStack() : memory_(std::make_unique<std::byte[]>(kSignalStackBytes)) {
  const stack_t stack{.ss_sp = memory_.get(), .ss_flags = 0, .ss_size = kSignalStackBytes};
  if (!kAddressSanitizer) sigaltstack(&stack, nullptr);  // it has one for each thread
}
SignalStack::~SignalStack() {
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  if (!kAddressSanitizer) sigaltstack(&none, nullptr);
}

void interrupt(pthread_t thread) {
  pthread_kill(thread, kInterrupt);
}

void remember_kernel(Launcher launcher) {
  g_last_kernel.set(launcher);
}
void remember_launcher(Launcher launcher) {
  g_last_launcher.set(launcher);
}

void handle_host_traps(void (*leave)(const Trap&)) {
  g_leave_host = leave;
  handle_traps();
}

std::string place_in_source(std::uintptr_t code) {
  if (code == 0) return "";
  const auto frames = frames_at(code + 1);
  return frames.empty() ? "" : ": " + frames[0].file + ":" + std::to_string(frames[0].line);
}

std::string trap_text(const Trap& trap) {
  std::string text = trap.what ? trap.what : "";
  if (trap.has_address) text += " at " + memory().place_text(trap.address);
  return text + place_in_source(trap.code_place);
}

void set_host_fault(const Trap& trap, const std::string& report) {
  Device::instance().set_fault({trap.code, report, trap.spoils_process});
}

}  // namespace simt
