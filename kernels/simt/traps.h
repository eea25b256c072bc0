// What the processor refuses a kernel, such as an access to an address where nothing is: the kernel stops with an error
// of the runtime, as on a GPU. Code of the host that launches kernels is left too, where somebody waits for that
// (host_trap.h). Any other signal ends the program as ever, after a line that names the last kernel and the last
// function that launched some, for those may have damaged what failed.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kernels/simt/launcher.h"
#include "kernels/simt/runtime_api.h"

namespace simt {

/// Why a kernel was left in the middle of a thread.
struct Trap {
  cudaError_t code = cudaSuccess;
  const char* what = nullptr;
  const void* address = nullptr;  ///< where it accessed memory, if has_address
  std::uintptr_t code_place = 0;  ///< of the instruction; 0: it tells nothing
  bool has_address = false;
  bool spoils_process = false;  ///< what else the kernel did to memory or locks cannot be known
};

/// ": FILE:LINE" of an instruction, where it can be told; else "".
std::string place_in_source(std::uintptr_t code);

/// Handles the signals by which a processor refuses something. Those who handled them before get what no kernel caused;
/// where somebody has handled them since, they are taken back. AddressSanitizer's builds keep its own handlers.
void handle_traps();

/// A stack for the calling thread's handlers of signals, while it lives: a kernel may have used up its own.
class SignalStack {
 public:
  SignalStack();
  ~SignalStack();
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  std::unique_ptr<std::byte[]> memory_;
};

/// Asks a thread to leave the kernel that it runs if that was given up (BlockRunner::is_given_up()) and can be left
/// where it is: in code of the kernel's module, which holds no lock of a library. Else nothing happens; ask again.
void interrupt(pthread_t thread);

/// The kernel that runs now, and whose launch function: for the line about signals that no kernel caused.
void remember_kernel(Launcher launcher);
void remember_launcher(Launcher launcher);

}  // namespace simt
