// What the CPU device offers beyond CUDA: schedules, checks, counters and the story behind a fault.
// Only tests, tools and kernels/runtime/device.cpp include this header; kernels and the engine never do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/simt/external_access.h"
#include "kernels/simt/kernel_traffic.h"
#include "kernels/simt/runtime_api.h"

namespace simt {

/// The order in which blocks of a grid, threads of a block and independent streams run.
enum class Schedule {
  forward,  ///< ascending
  reverse,  ///< descending
  random,   ///< any order, decided by `seed`, the launch and the block alone: a failing seed replays
};

inline constexpr int kNewestArchitecture = 120;

struct Options {
  int threads = 0;  ///< worker threads; 0 = one for each core
  Schedule schedule = Schedule::forward;
  std::uint64_t seed = 1;      ///< of Schedule::random
  bool poison_shared = false;  ///< fill shared memory with NaN before every block
  bool check_guards = false;   ///< look for out-of-bounds writes around every allocation after every kernel
  /// A kernel none of whose blocks ends for so long is stopped, with a fault that stays: cudaErrorLaunchTimeout. 0:
  /// never.
  double block_seconds = 600;
  /// What kernels count as compiled for, 10 * major + minor of a GPU's architecture. Below 90 they do not wait for the
  /// kernel before them, as on a newer GPU that compiles an older PTX at run time.
  int architecture = kNewestArchitecture;
};

/// The options in force. At start they are those of the environment.
Options options();

/// Options by the environment: DUEL_SIMT_THREADS=N, DUEL_SIMT_SCHEDULE=forward|reverse|random:SEED,
/// DUEL_SIMT_CHECKS=0|1 (poison_shared and check_guards), DUEL_SIMT_BLOCK_SECONDS=SECONDS, DUEL_SIMT_ARCHITECTURE=N.
/// Throws std::invalid_argument that names a malformed variable and its value; so does the first call of the runtime
/// API, which reads them.
Options options_from_environment();

/// Waits for all work on the device, then changes the options. Also takes back the signals by which wrong kernels are
/// noticed (traps.h), where somebody else has handled them since. Throws std::invalid_argument for threads < 0 or
/// > 1024 and for a negative time.
void set_options(const Options& options);

/// While `stop`: a kernel none of whose blocks ends for a second is stopped as by Options::block_seconds. A handler of
/// a signal may call it.
void stop_long_kernels(bool stop) noexcept;

/// Worker threads that the options stand for: options().threads, or the number of cores.
int worker_threads();

/// How often things happened since the program's start. Differences of two readings count a piece of work.
struct Counters {
  std::uint64_t calls = 0;             ///< of the runtime API, but for those that only name errors
  std::uint64_t kernels = 0;           ///< kernels executed, by launch or within a replayed graph
  std::uint64_t graph_launches = 0;    ///< cudaGraphLaunch
  std::uint64_t synchronizations = 0;  ///< host waits for a stream, an event or the device
  std::uint64_t allocations = 0;       ///< device and pinned allocations
  std::uint64_t host_copies = 0;       ///< copies between host and device
};
Counters counters();

/// From now on counts what kernels move (kernel_traffic.h), forgetting earlier counts. Waits for all work first. Throws
/// std::logic_error in builds that are not checked (preset cpu-race): their memory accesses are not seen.
void start_counting();
/// The kernels that ran since start_counting(), ordered by name, grid and block. Waits for all work first. Throws
/// std::logic_error where nobody counts, and std::runtime_error where a block was too large to be counted.
std::vector<KernelTraffic> stop_counting();

/// Whether this build watches every memory access of kernels (preset cpu-race).
constexpr bool is_checked() {
#ifdef DUEL_CHECKED
  return true;
#else
  return false;
#endif
}

/// Checked builds: what was made through the runtime API and not released, a line each; "" where nothing is left, and
/// in other builds. Printed to stderr at the program's end.
std::string leak_report();

/// What the sticky error of this device is about: kernel, block, thread, source line; else which call of this thread
/// was made to fail (fail_call()). Empty when nothing failed.
std::string fault_report();

/// The call of the runtime API of that number from here on, 1: the next one, does nothing and returns `error`; 0: none
/// does. Errors that a GPU cannot recover from are sticky here too. By the environment, from the program's start:
/// DUEL_SIMT_FAIL=NUMBER or NUMBER:ERROR, such as 17:cudaErrorIllegalAddress. Without an error it is the likeliest one:
/// cudaErrorMemoryAllocation where memory is allocated, elsewhere cudaErrorLaunchFailure, which is sticky.
void fail_call(std::uint64_t number, std::optional<cudaError_t> error = std::nullopt);
/// The name of the call that failed so; "" where none has. And the names of those that were made since.
std::string failed_call();
std::vector<std::string> calls_after_failure();

/// Forgets a sticky error. A real GPU needs a new process for that; tests of broken kernels need it often. An error
/// after which this process cannot be trusted stays: a write to a wild address, which may have hit others before, and a
/// kernel that had to be interrupted.
void clear_fault();

}  // namespace simt
