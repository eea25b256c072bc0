#include "app/device/host_memory.h"

#include <sys/resource.h>

#include "kernels/runtime/allocation.h"

namespace duel::app {

double peak_host_bytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

std::string host_memory_text() {
  std::string text = "this process has had " + format_bytes(peak_host_bytes());
  rlimit addresses = {};
  if (getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY) {
    text += ", of at most " + format_bytes(static_cast<double>(addresses.rlim_cur)) + " (ulimit -v)";
  }
  return text;
}

}  // namespace duel::app
