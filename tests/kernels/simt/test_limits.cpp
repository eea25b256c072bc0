// How much of the machine a process may use.
#include "kernels/simt/limits.h"

#include <cuda_runtime.h>
#include <sched.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/kernels/simt/address_limit.h"
#include "tests/support/catch.h"

namespace {

using simt::control_group_limit;

/// A folder in the place of /sys/fs/cgroup, and the file that says in which group of it the process is.
class Groups {
 public:
  Groups() {
    std::string pattern = (std::filesystem::temp_directory_path() / "duel-limits-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    std::filesystem::create_directories(root / "outer/inner");
  }
  ~Groups() {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(root / name) << text; }
  std::optional<double> limit() const { return control_group_limit("cpu.max", root, root / "membership"); }

  std::filesystem::path root;
};

}  // namespace

TEST_CASE("the least limit of a control group and those around it counts") {
  const Groups groups;
  CHECK(!groups.limit());
  groups.write("membership", "1:cpu:/elsewhere\n0::/outer/inner\n");
  CHECK(!groups.limit());
  groups.write("outer/inner/cpu.max", "max 100000\n");
  CHECK(!groups.limit());
  groups.write("outer/cpu.max", "150000 100000\n");
  CHECK(groups.limit() == 1.5);
  groups.write("outer/inner/cpu.max", "50000 100000\n");
  CHECK(groups.limit() == 0.5);
  groups.write("outer/inner/cpu.max", "400000 100000\n");
  CHECK(groups.limit() == 1.5);
  groups.write("cpu.max", "1073741824\n");
  CHECK(groups.limit() == 1.5);
  for (const char* nonsense : {"", "-1 5", "x y", "0 0", "nan"}) {
    groups.write("outer/cpu.max", nonsense);
    CHECK(groups.limit() == 4);
  }
  groups.write("membership", "0::/\n");
  CHECK(groups.limit() == 1073741824);
}

TEST_CASE("the number of processors follows the affinity") {
  cpu_set_t saved;
  REQUIRE(sched_getaffinity(0, sizeof(saved), &saved) == 0);
  CHECK(simt::available_processors() >= 1);
  CHECK(simt::available_processors() <= CPU_COUNT(&saved));
  int first = 0;
  while (!CPU_ISSET(first, &saved)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  REQUIRE(sched_setaffinity(0, sizeof(one), &one) == 0);
  CHECK(simt::available_processors() == 1);
  REQUIRE(sched_setaffinity(0, sizeof(saved), &saved) == 0);
}

TEST_CASE("memory is at most the machine's, and at most what the limit of the address space leaves") {
  const std::size_t all = simt::available_memory();
  const auto machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  CHECK(all > 0);
  CHECK(static_cast<double>(all) <= machine);
  const simt_test::AddressLimit limit(0);
  rlimit now = {};
  getrlimit(RLIMIT_AS, &now);
  CHECK(simt::available_memory() == std::min<std::size_t>(all, now.rlim_cur));
}

TEST_CASE("free memory is no more than what the limit of the address space leaves") {
  const simt_test::AddressLimit limit(std::size_t{64} << 20);
  std::size_t free_bytes = 0, total = 0;
  REQUIRE(cudaMemGetInfo(&free_bytes, &total) == cudaSuccess);
  CHECK(free_bytes <= std::size_t{64} << 20);
  CHECK(simt::address_space_left() <= std::size_t{64} << 20);
}
