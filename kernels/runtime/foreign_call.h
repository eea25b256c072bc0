// Calls of code that may be anybody's: what a kernel file does on the host. It is trusted with the machine, but not to
// be right: an exception, a crash or exit() in it becomes a CudaError that says whose code it was.
#pragma once

#include <string>

#include "kernels/runtime/error.h"

namespace duel {

/// Whose code is called, for messages: "the launcher of adam=mine", "duel_add_kernels of mine.cu".
struct ForeignCode {
  const char* part;
  const char* owner;              ///< an op, or a file
  const char* variant = nullptr;  ///< of the op

  std::string text() const;
};

/// what() begins with ForeignCode::text() of the innermost such call.
class ForeignCodeError : public CudaError {
 public:
  using CudaError::CudaError;
};

namespace detail {
void call_foreign(const ForeignCode& code, void (*run)(const void*), const void* work);
}

/// Runs `work`, which calls that code. Throws ForeignCodeError for whatever ends it early: an exception of any type, a
/// signal of the processor or abort(), and for kernel files exit() and its like (kernels/external/library.cpp). After a
/// signal or exit() destructors of the foreign code have not run. Errors of kernels that ran before pass through as
/// they are. AddressSanitizer's builds leave signals to it.
template <class Work>
void call_foreign(const ForeignCode& code, const Work& work) {
  detail::call_foreign(
      code, [](const void* self) { (*static_cast<const Work*>(self))(); }, &work);
}

/// Instead of exit() and its like, where foreign code calls `function` with `status`: leaves the innermost
/// call_foreign() of the thread. In a kernel of the CPU device the kernel stops; elsewhere, as in a thread that the
/// code started, the program ends with the exit code of device errors, 4.
[[noreturn]] void refuse_exit(const char* function, int status);

}  // namespace duel
