#include "kernels/simt/limits.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace simt {
namespace {

constexpr std::size_t kMostProcessors = 1 << 20;

int processors_of_affinity() {
  for (std::size_t processors = CPU_SETSIZE; processors <= kMostProcessors; processors *= 2) {
    std::vector<cpu_set_t> set(processors / CPU_SETSIZE);
    const std::size_t bytes = set.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, set.data()) == 0) return CPU_COUNT_S(bytes, set.data());
    if (errno != EINVAL) break;  // EINVAL: the machine has more processors than the set has bits
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

std::optional<double> limit_in(const std::filesystem::path& file) {
  std::ifstream input(file);
  double most = 0, per = 1;
  if (!(input >> most) || most <= 0) return std::nullopt;  // "max": no limit
  if (!(input >> per) || per <= 0) per = 1;
  return most / per;
}

}  // namespace

std::optional<double> control_group_limit(const char* name, const std::filesystem::path& root,
                                          const std::filesystem::path& membership) {
  std::ifstream input(membership);
  std::optional<double> least;
  for (std::string line; std::getline(input, line);) {
    if (!line.starts_with("0::/")) continue;  // the line of version 2
    for (std::filesystem::path group = line.substr(4);; group = group.parent_path()) {
      const auto here = limit_in(root / group / name);
      if (here && (!least || *here < *least)) least = here;
      if (group.empty()) break;
    }
  }
  return least;
}

int available_processors() {
  const int allowed = std::max(1, processors_of_affinity());
  return static_cast<int>(std::min<double>(allowed, std::ceil(control_group_limit("cpu.max").value_or(allowed))));
}

std::size_t address_space_left() {
  rlimit addresses = {};
  if (getrlimit(RLIMIT_AS, &addresses) != 0 || addresses.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const std::size_t used = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return addresses.rlim_cur - std::min<std::size_t>(used, addresses.rlim_cur);
}

std::size_t available_memory() {
  double bytes = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  rlimit addresses = {};
  if (getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY) {
    bytes = std::min(bytes, static_cast<double>(addresses.rlim_cur));
  }
  return static_cast<std::size_t>(std::min(bytes, control_group_limit("memory.max").value_or(bytes)));
}

}  // namespace simt
