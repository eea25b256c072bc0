// What the CPU device offers beyond CUDA: schedules, checks, counters and the story behind a fault.
// Only tests, tools and kernels/runtime/device.cpp include this header; kernels and the engine never do.
#pragma once

#include <cstdint>
#include <string>

namespace simt {

/// The order in which blocks of a grid, threads of a block and independent streams run.
enum class Schedule {
  forward,  ///< ascending
  reverse,  ///< descending
  random,   ///< any order, decided by `seed`, the launch and the block alone: a failing seed replays
};

struct Options {
  int threads = 0;  ///< worker threads; 0 = one for each core
  Schedule schedule = Schedule::forward;
  std::uint64_t seed = 1;      ///< of Schedule::random
  bool poison_shared = false;  ///< fill shared memory with NaN before every block
  bool check_guards = false;   ///< look for out-of-bounds writes around every allocation after every kernel
};

/// The options in force. At start they are those of the environment.
Options options();

/// Options by the environment: DUEL_SIMT_THREADS=N, DUEL_SIMT_SCHEDULE=forward|reverse|random:SEED,
/// DUEL_SIMT_CHECKS=0|1 (poison_shared and check_guards). Throws std::invalid_argument that names a malformed variable
/// and its value; so does the first call of the runtime API, which reads them.
Options options_from_environment();

/// Waits for all work on the device, then changes the options. Throws std::invalid_argument for threads < 0 or > 1024.
void set_options(const Options& options);

/// Worker threads that the options stand for: options().threads, or the number of cores.
int worker_threads();

/// How often things happened since the program's start. Differences of two readings count a piece of work.
struct Counters {
  std::uint64_t kernels = 0;           ///< kernels executed, by launch or within a replayed graph
  std::uint64_t graph_launches = 0;    ///< cudaGraphLaunch
  std::uint64_t synchronizations = 0;  ///< host waits for a stream, an event or the device
  std::uint64_t allocations = 0;       ///< device and pinned allocations
  std::uint64_t host_copies = 0;       ///< copies between host and device
};
Counters counters();

/// What the sticky error of this device is about: kernel, block, thread, source line. Empty when nothing failed.
std::string fault_report();

/// Forgets a sticky error. A real GPU needs a new process for that; tests of broken kernels need it often.
void clear_fault();

}  // namespace simt
