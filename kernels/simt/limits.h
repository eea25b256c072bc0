// How much of the machine this process may use.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace simt {

/// As many processors as the affinity allows (taskset, cpusets), or as the control group's quota pays for, rounded up,
/// if that is less. At least 1.
int available_processors();

/// Physical memory, bytes, or what the control group or the limit of the address space (ulimit -v) leaves of it.
std::size_t available_memory();

/// The least limit of this name, such as "cpu.max", of a control group and the groups around it: "150000 100000" is
/// 1.5, "1048576" is itself; nullopt where nothing limits. `root`: where the groups are mounted; `membership`: a file
/// such as /proc/self/cgroup.
std::optional<double> control_group_limit(const char* name, const std::filesystem::path& root = "/sys/fs/cgroup",
                                          const std::filesystem::path& membership = "/proc/self/cgroup");

/// Bytes that the limit of the address space (ulimit -v) leaves to this process; the greatest number where there is
/// none.
std::size_t address_space_left();

}  // namespace simt
