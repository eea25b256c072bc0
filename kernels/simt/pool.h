// Spreads the blocks of a grid over worker threads. The caller works too, and waits for blocks, never for helpers: a
// helper that the operating system runs late finds no block left and costs nothing.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/simt/block_runner.h"

namespace simt {

class Pool {
 public:
  Pool() = default;
  ~Pool();

  /// Number of threads that run blocks, the caller included. Helpers that are too many sleep until they are wanted
  /// again. Not while run() is at work. Throws std::system_error where not so many can be started; those that were are
  /// there.
  void resize(int threads);
  int threads() const { return active_.load() + 1; }

  /// Runs every block of the grid, each once. Returns the first fault; the blocks after it are not started.
  Fault run(KernelRun kernel);

  /// How far the run at work has come.
  struct Progress {
    std::uint64_t run = 0;
    unsigned blocks_done = 0;
    bool is_running = false;
    bool operator==(const Progress&) const = default;
  };
  Progress progress() const;
  /// Asks the threads that run blocks to leave them if they are still at that run; call again until they have.
  void give_up(const Progress& at);

 private:
  void helper(int number, BlockRunner& runner);
  void wait_until_active(int number);
  void set_active(int helpers);
  bool work(BlockRunner& runner, std::uint64_t generation);
  unsigned block_at(unsigned position) const;

  // Generation of the run in the upper half, blocks not taken yet in the lower: one exchange takes a block of the
  // right run or none.
  alignas(64) std::atomic<std::uint64_t> ticket_{0};
  alignas(64) std::atomic<unsigned> done_{0};
  alignas(64) std::atomic<int> sleepers_{0};
  std::atomic<bool> stop_{false};
  std::atomic<int> active_{0};  // helpers that run blocks: the first ones
  std::atomic<int> spins_{0};   // of who waits, before he leaves the processor to others
  std::atomic<bool> faulted_{false};
  std::atomic<unsigned> blocks_{0};  // of the run at work
  GivenUp given_up_;

  const KernelRun* kernel_ = nullptr;
  std::atomic<const void*> function_ = nullptr;  // the kernel that ran last
  pthread_t caller_{};                           // of run()
  std::vector<unsigned> order_;                  // of the blocks, under Schedule::random
  std::mutex fault_mutex_;
  Fault fault_;
  std::uint64_t generation_ = 0;
  std::vector<std::thread> helpers_;
  BlockRunner own_runner_;
};

}  // namespace simt
