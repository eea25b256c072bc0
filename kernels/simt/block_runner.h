// Runs the threads of one block on one OS thread. Threads run as plain calls, one after another on the same fiber,
// until one has to wait at a barrier or a warp primitive: that fiber then belongs to the waiting thread and another
// fiber goes on. Anything CUDA leaves undefined at a synchronisation ends the kernel with a report.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernels/simt/async_copies.h"
#include "kernels/simt/fiber.h"
#include "kernels/simt/launch.h"
#include "kernels/simt/shared_memory.h"
#include "kernels/simt/simt.h"
#include "kernels/simt/thread_model.h"
#include "kernels/simt/traps.h"

namespace simt {

struct KernelAccess;  // checked/checker.h

inline constexpr int kMaxThreads = 1024;
inline constexpr int kMaxWarps = kMaxThreads / 32;

/// Why a kernel was stopped. `code` is cudaSuccess while all is well.
struct Fault {
  cudaError_t code = cudaSuccess;
  std::string report;
  bool spoils_process = false;  ///< clear_fault() must not take it back
};

/// Which run was given up, for the workers' handlers of signals.
struct GivenUp {
  std::atomic<std::uint64_t> number = 0;                     ///< 0: none
  std::atomic<std::uintptr_t> code_begin = 0, code_end = 0;  ///< of the kernel's module
};

/// A kernel at work: what all blocks of one launch share.
struct KernelRun {
  const KernelCall* call;
  Schedule schedule;
  std::uint64_t seed;  ///< of this launch
  bool poison_shared;
  bool check_guards;
  double block_seconds;               ///< Options::block_seconds
  std::uint64_t number = 0;           ///< of the pool's runs
  const GivenUp* given_up = nullptr;  ///< the pool's
};

/// threadIdx of a thread by its number, x fastest.
inline uint3 index_of(int thread, dim3 block) {
  const unsigned t = static_cast<unsigned>(thread);
  return {t % block.x, t / block.x % block.y, t / block.x / block.y};
}

class BlockRunner {
 public:
  BlockRunner();
  ~BlockRunner();

  /// Runs block number `block` (x fastest). Returns what stopped it, if anything.
  Fault run(const KernelRun& kernel, unsigned block);

  // Called by the threads of the block, through thread_model.h:
  int barrier(BlockReduction reduction, int predicate, Site site);
  std::uint64_t collective(WarpOp op, unsigned mask, std::uint64_t value, int source_lane, Site site);
  [[noreturn]] void report_trap(const char* what, Site site);
  void* dynamic_shared() const { return shared_.dynamic(); }
  AsyncCopies& async_copies() { return async_copies_; }

  // Called for the running thread in checked builds; they stop the block where something is wrong. `moves`: a request
  // to memory, which a counter counts.
  void check_access(const KernelAccess& access, bool moves = true);
  [[noreturn]] void stop_at(cudaError_t code, const std::string& what);
  int thread() const { return thread_; }

  // For handlers of signals.
  static BlockRunner* current();                      ///< whose block the calling OS thread runs; nullptr: none
  bool is_on_stack(std::uintptr_t address) const;     ///< of the running thread, or below it
  bool is_below_stack(std::uintptr_t address) const;  ///< where its stack ends: it has run over
  bool is_given_up(std::uintptr_t code) const;        ///< the run, and the thread may be left at that instruction
  [[noreturn]] void leave(const Trap& trap);          ///< the block ends where it stands

  /// Checked builds: the one whose kernel's code is at work on the calling OS thread. nullptr while the host's or the
  /// CPU device's own code is.
  static inline constinit thread_local BlockRunner* in_kernel = nullptr;

 private:
  static constexpr int kBlockDone = -1;

  struct Fiber {
    explicit Fiber(std::size_t stack_bytes) : stack(stack_bytes) {}
    FiberStack stack;
    FiberContext context;
    bool fresh = true;  ///< never ran, or was abandoned by a fault: starts at its entry
  };
  struct LaneState {  ///< of a thread at a warp primitive
    Site site{};
    WarpOp op{};
    unsigned mask = 0;
    std::uint64_t value = 0, result = 0;
    int source_lane = 0;
  };
  struct Barrier {  ///< where the threads of the block wait
    Site site{};
    BlockReduction reduction{};
    int first = 0;  ///< thread that came first
    int waiting = 0, sum = 0, phase = 0;
    std::array<int, 2> result{};  ///< of the last two phases
  };
  struct WarpState {
    std::uint32_t runnable = 0;  ///< not started yet, or released from a wait
    std::uint32_t started = 0;
    std::uint32_t alive = 0;          ///< has not returned from the kernel
    std::uint32_t at_collective = 0;  ///< waits at a warp primitive
  };

  static void fiber_entry();
  void thread_loop();
  void start_block(const KernelRun& kernel, unsigned block);
  int finish_thread();
  void let_run(int next);
  Fiber& fiber_of(int thread);
  Fiber& take_fiber();
  Fiber& take_fiber_or_stop();  ///< the same, for callers that are fibers: an exception could not leave them
  int pick();
  int pick_after(int thread) const;
  int pick_before(int thread) const;
  int pick_random();
  void set_thread(int thread);
  void release_barrier();
  void try_release_collective(int warp, unsigned mask);
  void work_together(int warp, std::uint32_t lanes);
  [[noreturn]] void abandon_block();

  // block_report.cpp: what went wrong, where.
  void set_fault(cudaError_t code, const std::string& what);  ///< of the running thread
  void report_left();
  void check_dynamic_shared();
  [[noreturn]] void report_deadlock();
  [[noreturn]] void report_divergent_barrier(Site site);
  [[noreturn]] void report_missing_threads();
  [[noreturn]] void report_mask_without_caller(Site site);
  [[noreturn]] void report_mismatched_lanes(int warp, Site first, Site other);
  [[noreturn]] void report_missing_lanes(int warp, Site site);
  void check_async_copies();
  std::string describe_waiting() const;
  std::string describe_thread(int thread) const;
  std::string describe_block() const;

  const KernelRun* kernel_ = nullptr;
  const void* packed_ = nullptr;
  void (*run_thread_)(const void*) = nullptr;
  bool one_dimensional_ = true;
  int threads_ = 0, warps_ = 0, alive_ = 0;
  int thread_ = 0;          // the one that runs
  int released_warp_ = -1;  // it goes on next
  Barrier barrier_;
  std::uint64_t random_ = 0;
  Fault fault_;
  Trap trap_;  // why the block was left, from a handler

  FiberContext host_;
  Fiber* running_ = nullptr;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> free_;
  std::array<WarpState, kMaxWarps> warp_;
  std::array<Fiber*, kMaxThreads> waiting_{};  // where each waiting thread stands
  std::array<LaneState, kMaxThreads> lane_;
  SharedMemory shared_;
  AsyncCopies async_copies_;
};

/// Ends the kernel whose thread the calling OS thread runs, with that fault of the thread; the program, where none
/// runs.
[[noreturn]] void stop_kernel(cudaError_t code, const std::string& what);

}  // namespace simt
