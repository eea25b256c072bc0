#include "kernels/runtime/foreign_call.h"

#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/block_runner.h"
#include "kernels/simt/host_trap.h"
#endif

namespace duel {
namespace {

constexpr int kDeviceFailed = 4;  // the exit code

// One that runs; the thread comes back to `place` where the code cannot go on.
struct Running {
  sigjmp_buf place;
  Running* outer;
  const char* exit_function = nullptr;  // that was called, with exit_status
  int exit_status = 0;
#ifdef DUEL_CPU_DEVICE
  simt::Trap trap;
#else
  int signal = 0;
#endif
};
thread_local Running* t_running = nullptr;

#ifdef DUEL_CPU_DEVICE

void leave_by_trap(const simt::Trap& trap) {
  if (!t_running) return;
  t_running->trap = trap;
  siglongjmp(t_running->place, 1);
}

void handle_signals() {
  static const bool done = (simt::handle_host_traps(leave_by_trap), true);
  static_cast<void>(done);
  thread_local const simt::SignalStack stack;
  static_cast<void>(stack);
}

// Nothing runs on the device from here on.
[[noreturn]] void throw_left(const Running& left, const std::string& code) {
  simt::Trap trap = left.trap;
  std::string what = code + ": ";
  if (left.exit_function) {
    trap = {.code = cudaErrorLaunchFailure};
    what += left.exit_function + ("(" + std::to_string(left.exit_status)) + ") was called";
  } else {
    what += simt::trap_text(trap);
  }
  simt::set_host_fault(trap, what);
  throw ForeignCodeError(trap.code, what);
}

#else

void leave_by_signal(int signal, siginfo_t*, void*) {
  if (!t_running) {
    ::signal(signal, SIG_DFL);
    raise(signal);
    return;
  }
  t_running->signal = signal;
  siglongjmp(t_running->place, 1);
}

void handle_signals() {
  static const bool done = [] {
    struct sigaction action = {};
    action.sa_sigaction = leave_by_signal;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(signal, &action, nullptr);
    return true;
  }();
  static_cast<void>(done);
}

[[noreturn]] void throw_left(const Running& left, const std::string& code) {
  const std::string what = left.exit_function
                               ? left.exit_function + ("(" + std::to_string(left.exit_status)) + ") was called"
                               : std::string("SIG") + sigabbrev_np(left.signal) + ", " + strsignal(left.signal);
  throw ForeignCodeError(cudaErrorLaunchFailure, code + ": " + what);
}

#endif

// The fault of a kernel that ran before, and not of this call, stays where it is.
bool is_fault_of_device() {
  static_cast<void>(cudaGetLastError());
  return cudaPeekAtLastError() != cudaSuccess;
}

void name_exceptions(const ForeignCode& code, void (*run)(const void*), const void* work) {
  try {
    run(work);
  } catch (const ForeignCodeError&) {
    throw;
  } catch (const CudaError& error) {
    if (is_fault_of_device()) throw;
    throw ForeignCodeError(error.code(), code.text() + ": " + error.what());
  } catch (const std::bad_alloc&) {
    throw ForeignCodeError(cudaErrorMemoryAllocation, code.text() + ": not enough memory on the host");
  } catch (const std::exception& error) {
    throw ForeignCodeError(cudaErrorLaunchFailure, code.text() + " threw an exception: " + error.what());
  } catch (...) {
    throw ForeignCodeError(cudaErrorLaunchFailure, code.text() + " threw something that is no std::exception");
  }
}

void write_text(const char* text) {
  static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
}

}  // namespace

std::string ForeignCode::text() const {
  std::string text = std::string(part) + " of " + owner;
  if (variant) text += std::string("=") + variant;
  return text;
}

void detail::call_foreign(const ForeignCode& code, void (*run)(const void*), const void* work) {
  handle_signals();
  Running running;
  running.outer = t_running;
  if (sigsetjmp(running.place, 0) == 0) {
    t_running = &running;
    try {
      name_exceptions(code, run, work);
    } catch (...) {
      t_running = running.outer;
      throw;
    }
    t_running = running.outer;
    return;
  }
  t_running = running.outer;
  throw_left(running, code.text());
}

void refuse_exit(const char* function, int status) {
#ifdef DUEL_CPU_DEVICE
  if (simt::BlockRunner::current()) {
    simt::stop_kernel(cudaErrorLaunchFailure,
                      std::string("the kernel called ") + function + "(" + std::to_string(status) + ")");
  }
#endif
  if (t_running) {
    t_running->exit_function = function;
    t_running->exit_status = status;
    siglongjmp(t_running->place, 1);
  }
  for (const char* text : {"duel: ", function, "() was called by code of a kernel file\n"}) write_text(text);
  std::_Exit(kDeviceFailed);
}

}  // namespace duel
