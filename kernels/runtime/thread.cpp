#include "kernels/runtime/thread.h"

#include <string>
#include <system_error>
#include <utility>

#include "kernels/runtime/error.h"

namespace duel {

void throw_lack_of_threads(const std::string& what) {
  throw CudaError(cudaErrorUnknown,
                  what +
                      "; ask for fewer with --threads, or see how many this user may have (ulimit -u) and how much "
                      "memory there is for them (ulimit -v)");
}

std::thread start_thread(std::function<void()> work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error& error) {
    throw_lack_of_threads(std::string("one more thread was wanted and cannot be started: ") + error.what());
  }
}

}  // namespace duel
