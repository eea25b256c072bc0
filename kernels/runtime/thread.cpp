#include "kernels/runtime/thread.h"

#include <string>
#include <system_error>
#include <utility>

#include "kernels/runtime/error.h"

namespace duel {

std::thread start_thread(std::function<void()> work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error& error) {
    throw CudaError(cudaErrorUnknown,
                    std::string("one more thread was wanted and cannot be started: ") + error.what() +
                        "; ask for fewer with --threads, or see how many this user may have (ulimit -u)");
  }
}

}  // namespace duel
