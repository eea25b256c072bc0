#include "kernels/simt/pool.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>

#include "kernels/simt/limits.h"
#include "kernels/simt/symbols.h"
#include "kernels/simt/traps.h"

namespace simt {
namespace {

// How long a helper looks for the next kernel before it sleeps: about the gap between two kernels of a graph. Where
// there are more threads than processors, whoever looks only keeps another from working.
constexpr int kSpins = 4000;

void pause_thread() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

std::uint64_t generation_of(std::uint64_t ticket) {
  return ticket >> 32;
}
unsigned blocks_left(std::uint64_t ticket) {
  return static_cast<unsigned>(ticket);
}

Fault run_block(BlockRunner& runner, const KernelRun& kernel, unsigned block) {
  try {
    return runner.run(kernel, block);
  } catch (const std::exception& error) {  // of shared memory and stacks, before any thread of the block has begun
    return {cudaErrorMemoryAllocation, std::string("no memory for a block: ") + error.what()};
  }
}

}  // namespace

Pool::~Pool() {
  stop_ = true;
  set_active(static_cast<int>(helpers_.size()));
  for (auto& helper : helpers_) helper.join();
}

// Those that wait for a kernel wake up, too, and see whether they are too many.
void Pool::set_active(int helpers) {
  active_ = helpers;
  active_.notify_all();
  ticket_.fetch_add(std::uint64_t{1} << 32);
  ticket_.notify_all();
}

void Pool::resize(int threads) {
  set_active(std::min(threads - 1, static_cast<int>(helpers_.size())));
  generation_ = generation_of(ticket_.load());
  static const int processors = available_processors();
  spins_ = threads <= processors ? kSpins : 0;
  while (active_ < threads - 1) {
    const int number = active_;
    helpers_.emplace_back([this, number, runner = std::make_unique<BlockRunner>()] { helper(number, *runner); });
    ++active_;
    active_.notify_all();
  }
}

Fault Pool::run(KernelRun kernel) {
  const unsigned blocks = kernel.call->blocks();
  kernel_ = &kernel;
  function_ = kernel.call->function;
  caller_ = pthread_self();
  if (kernel.schedule == Schedule::random) {
    order_.resize(blocks);
    std::iota(order_.begin(), order_.end(), 0u);
    std::shuffle(order_.begin(), order_.end(), std::mt19937_64(kernel.seed));
  }
  faulted_.store(false, std::memory_order_relaxed);
  done_.store(0, std::memory_order_relaxed);
  const std::uint64_t generation = ++generation_;
  kernel.number = generation;
  kernel.given_up = &given_up_;
  blocks_.store(blocks, std::memory_order_relaxed);
  ticket_.store(generation << 32 | blocks, std::memory_order_seq_cst);
  if (blocks > 1 && sleepers_.load(std::memory_order_seq_cst) > 0) ticket_.notify_all();
  work(own_runner_, generation);
  for (int spins = 0; done_.load(std::memory_order_acquire) != blocks; ++spins) {
    if (spins < spins_.load(std::memory_order_relaxed)) {
      pause_thread();
    } else {
      std::this_thread::yield();
    }
  }
  const std::lock_guard lock(fault_mutex_);
  return std::exchange(fault_, {});
}

Pool::Progress Pool::progress() const {
  const unsigned done = done_.load(std::memory_order_acquire);
  return {generation_of(ticket_.load()), done, done != blocks_.load()};
}

void Pool::give_up(const Progress& at) {
  const CodeRange module = code_around(reinterpret_cast<std::uintptr_t>(function_.load()));
  given_up_.code_begin = module.begin;
  given_up_.code_end = module.end;
  given_up_.number = at.run;
  interrupt(caller_);
  for (auto& helper : helpers_) interrupt(helper.native_handle());
}

// Takes and runs blocks of that generation until none is left. False if there was none.
bool Pool::work(BlockRunner& runner, std::uint64_t generation) {
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  bool any = false;
  for (;;) {
    if (generation_of(ticket) != generation || blocks_left(ticket) == 0) return any;
    if (!ticket_.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    any = true;
    // Holding a block, this thread keeps the run alive: kernel_ and order_ cannot change under it.
    if (!faulted_.load(std::memory_order_relaxed)) {
      Fault fault = run_block(runner, *kernel_, block_at(kernel_->call->blocks() - blocks_left(ticket)));
      if (fault.code != cudaSuccess) {
        const std::lock_guard lock(fault_mutex_);
        if (!faulted_.exchange(true)) fault_ = std::move(fault);
      }
    }
    done_.fetch_add(1, std::memory_order_release);
    ticket = ticket_.load(std::memory_order_acquire);
  }
}

unsigned Pool::block_at(unsigned position) const {
  switch (kernel_->schedule) {
    case Schedule::forward:
      return position;
    case Schedule::reverse:
      return kernel_->call->blocks() - 1 - position;
    case Schedule::random:
      break;
  }
  return order_[position];
}

void Pool::wait_until_active(int number) {
  for (int active = active_; number >= active && !stop_; active = active_) active_.wait(active);
}

void Pool::helper(int number, BlockRunner& runner) {
  const SignalStack signal_stack;
  while (!stop_) {
    // In this order: who sees the ticket of a run sees how many may take part.
    const std::uint64_t seen = ticket_.load(std::memory_order_acquire);
    if (number >= active_) {
      wait_until_active(number);
      continue;
    }
    work(runner, generation_of(seen));
    // Wait for another generation: spin for a while, then sleep.
    std::uint64_t now = ticket_.load(std::memory_order_acquire);
    for (int spins = 0; generation_of(now) == generation_of(seen) && !stop_; ++spins) {
      if (spins < spins_.load(std::memory_order_relaxed)) {
        pause_thread();
      } else {
        sleepers_.fetch_add(1, std::memory_order_seq_cst);
        if (now == ticket_.load(std::memory_order_seq_cst)) ticket_.wait(now, std::memory_order_acquire);
        sleepers_.fetch_sub(1, std::memory_order_seq_cst);
      }
      now = ticket_.load(std::memory_order_acquire);
    }
  }
}

}  // namespace simt
