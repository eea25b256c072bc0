#include "kernels/simt/block_runner.h"

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <utility>

#include "kernels/simt/checked/watch.h"
#include "kernels/simt/memory.h"

namespace simt {
namespace {

constexpr std::size_t kStackBytes = 256 << 10;
constinit thread_local BlockRunner* t_current = nullptr;

// While it lives, the CPU device is at work for a kernel's thread, not the kernel: checked builds do not watch it.
class InDevice {
 public:
  InDevice() {
    if constexpr (kChecked) runner_ = std::exchange(BlockRunner::in_kernel, nullptr);
  }
  InDevice(const InDevice&) = delete;
  InDevice& operator=(const InDevice&) = delete;
  ~InDevice() {
    if constexpr (kChecked) BlockRunner::in_kernel = runner_;
  }

 private:
  [[maybe_unused]] BlockRunner* runner_ = nullptr;
};

bool same(Site a, Site b) {
  return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// What a lane brings to warp_together().
struct Together {
  void (*work)(void* const*);
  void* lane;
};

std::uint32_t bit_of(int thread) {
  return 1u << (thread % 32);
}

}  // namespace

BlockRunner::BlockRunner() = default;
BlockRunner::~BlockRunner() = default;

// ---- one block ----

Fault BlockRunner::run(const KernelRun& kernel, unsigned block) {
  start_block(kernel, block);
  if constexpr (kChecked) watch::block_begins(block, shared_);
  t_current = this;
  const int first = pick();
  running_ = &take_fiber();
  set_thread(first);
  switch_fiber(host_, running_->context);
  t_current = nullptr;
  block_threads = 1;
  if (trap_.code != cudaSuccess) report_left();
  if constexpr (kChecked) watch::block_ends();
  if (kernel.check_guards) check_dynamic_shared();
  if (fault_.code != cudaSuccess && !fault_.spoils_process) {  // the stacks hold half-run threads: all start afresh
    async_copies_.clear();
    free_.clear();
    for (auto& fiber : fibers_) {
      fiber->fresh = true;
      free_.push_back(fiber.get());
    }
  }
  return std::exchange(fault_, {});
}

void BlockRunner::start_block(const KernelRun& kernel, unsigned block) {
  const KernelCall& call = *kernel.call;
  kernel_ = &kernel;
  packed_ = call.packed.get();
  run_thread_ = call.run_thread;
  one_dimensional_ = call.block.y == 1 && call.block.z == 1;
  threads_ = alive_ = call.threads();
  warps_ = (threads_ + 31) / 32;
  barrier_ = {};
  released_warp_ = -1;
  random_ = mix(kernel.seed ^ mix(block + 0x9e3779b97f4a7c15u));
  thread_ = kernel.schedule == Schedule::forward ? threads_ - 1 : 0;
  for (int w = 0; w < warps_; ++w) {
    const int lanes = std::min(32, threads_ - w * 32);
    const std::uint32_t existing = lanes == 32 ? ~0u : (1u << lanes) - 1;
    warp_[w] = {.runnable = existing, .started = 0, .alive = existing, .at_collective = 0};
  }
  threadIdx = {0, 0, 0};
  blockDim = call.block;
  gridDim = call.grid;
  blockIdx = {block % call.grid.x, block / call.grid.x % call.grid.y, block / call.grid.x / call.grid.y};
  block_threads = threads_;
  shared_.resize_dynamic(call.dynamic_shared);
  if (kernel.poison_shared) shared_.poison();
  if (kernel.check_guards) shared_.set_guard();
}

// ---- fibers ----

void BlockRunner::fiber_entry() {
  fiber_started(t_current->host_);
  t_current->thread_loop();
}

// Runs unstarted threads one after another on the calling fiber, for as long as none of them waits.
void BlockRunner::thread_loop() {
  for (;;) {
    const int thread = thread_;
    warp_[thread / 32].started |= bit_of(thread);
    if constexpr (kChecked) in_kernel = this;
    try {
      run_thread_(packed_);
      if constexpr (kChecked) in_kernel = nullptr;
    } catch (const std::exception& error) {
      if constexpr (kChecked) in_kernel = nullptr;
      set_fault(cudaErrorLaunchFailure, std::string("the kernel threw an exception: ") + error.what());
    } catch (...) {
      if constexpr (kChecked) in_kernel = nullptr;
      set_fault(cudaErrorLaunchFailure, "the kernel threw something that is no std::exception");
    }
    check_async_copies();
    if (fault_.code != cudaSuccess) abandon_block();
    const int next = finish_thread();
    if (next != kBlockDone && !(warp_[next / 32].started & bit_of(next))) {
      set_thread(next);
      continue;
    }
    Fiber* self = running_;
    free_.push_back(self);
    if (next == kBlockDone) {
      switch_fiber(self->context, host_);
    } else {
      set_thread(next);
      running_ = waiting_[next];
      switch_fiber(self->context, running_->context);
    }
    // taken from the free list again: thread_ is a thread to start
  }
}

// The running thread has returned from the kernel. Says who is next.
int BlockRunner::finish_thread() {
  WarpState& warp = warp_[thread_ / 32];
  warp.alive &= ~bit_of(thread_);
  warp.runnable &= ~bit_of(thread_);
  if (--alive_ == 0) return kBlockDone;
  if (warp.at_collective) {  // lanes may have waited for the one that left
    for (std::uint32_t lanes = warp.at_collective; lanes; lanes &= lanes - 1) {
      const int lane = std::countr_zero(lanes);
      if (warp.at_collective & (1u << lane)) {
        try_release_collective(thread_ / 32, lane_[thread_ / 32 * 32 + lane].mask);
      }
    }
  }
  const int next = pick();
  if (next < 0) report_deadlock();
  return next;
}

// The running thread waits while `next` goes on or starts; returns when it is continued itself.
inline void BlockRunner::let_run(int next) {
  if (next == thread_) return;
  if (next < 0) report_deadlock();
  Fiber& from = *running_;
  waiting_[thread_] = &from;
  running_ = &fiber_of(next);
  set_thread(next);
  switch_fiber(from.context, running_->context);
}

inline BlockRunner::Fiber& BlockRunner::fiber_of(int thread) {
  return warp_[thread / 32].started & bit_of(thread) ? *waiting_[thread] : take_fiber_or_stop();
}

BlockRunner::Fiber& BlockRunner::take_fiber() {
  if (free_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>(kStackBytes));
    free_.push_back(fibers_.back().get());
  }
  Fiber& fiber = *free_.back();
  free_.pop_back();
  if (std::exchange(fiber.fresh, false)) prepare_fiber(fiber.context, fiber.stack, &fiber_entry);
  return fiber;
}

inline void BlockRunner::set_thread(int thread) {
  thread_ = thread;
  if (one_dimensional_) {
    threadIdx.x = static_cast<unsigned>(thread);
  } else {
    threadIdx = index_of(thread, kernel_->call->block);
  }
}

// ---- who runs next ----

inline int BlockRunner::pick() {
  if (kernel_->schedule == Schedule::random) return pick_random();
  const bool forward = kernel_->schedule == Schedule::forward;
  if (const int w = std::exchange(released_warp_, -1); w >= 0) {
    // A warp goes on as soon as its lanes have met: a switch to other warps would make every shuffle a block barrier.
    const std::uint32_t lanes = warp_[w].runnable;
    return w * 32 + (forward ? std::countr_zero(lanes) : 31 - std::countl_zero(lanes));
  }
  return forward ? pick_after(thread_) : pick_before(thread_);
}

inline int BlockRunner::pick_after(int thread) const {
  const int first = thread / 32, lane = thread % 32;
  const std::uint32_t later = warp_[first].runnable & (~1u << lane);
  if (later & (2u << lane)) [[likely]]
    return thread + 1;  // a branch, so that the processor guesses it
  if (later) return first * 32 + std::countr_zero(later);
  for (int i = 1; i <= warps_; ++i) {
    const int w = first + i < warps_ ? first + i : first + i - warps_;
    if (warp_[w].runnable) return w * 32 + std::countr_zero(warp_[w].runnable);
  }
  return -1;
}

inline int BlockRunner::pick_before(int thread) const {
  const int first = thread / 32, lane = thread % 32;
  const std::uint32_t earlier = warp_[first].runnable & ((1u << lane) - 1);
  if (earlier & (1u << lane >> 1)) [[likely]]
    return thread - 1;
  if (earlier) return first * 32 + 31 - std::countl_zero(earlier);
  for (int i = 1; i <= warps_; ++i) {
    const int w = first - i >= 0 ? first - i : first - i + warps_;
    if (warp_[w].runnable) return w * 32 + 31 - std::countl_zero(warp_[w].runnable);
  }
  return -1;
}

// The first runnable thread after any place: every order can come about.
int BlockRunner::pick_random() {
  random_ += 0x9e3779b97f4a7c15u;
  const std::uint64_t place = (mix(random_) >> 32) * static_cast<std::uint64_t>(threads_) >> 32;
  return pick_after(static_cast<int>(place));
}

// ---- __syncthreads ----

int BlockRunner::barrier(BlockReduction reduction, int predicate, Site site) {
  Barrier& barrier = barrier_;
  if (barrier.waiting == 0) {
    barrier.site = site;
    barrier.reduction = reduction;
    barrier.first = thread_;
  } else if (!same(site, barrier.site) || reduction != barrier.reduction) {
    report_divergent_barrier(site);
  }
  warp_[thread_ / 32].runnable &= ~bit_of(thread_);
  barrier.sum += predicate != 0;
  const int phase = barrier.phase;
  if (++barrier.waiting == alive_) release_barrier();
  let_run(pick());
  // Nobody passes the next barrier before everybody has read this one's result: two are enough.
  return barrier.result[phase & 1];
}

void BlockRunner::release_barrier() {
  if (alive_ < threads_) report_missing_threads();
  Barrier& barrier = barrier_;
  int result = 0;
  switch (barrier.reduction) {
    case BlockReduction::none:
      break;
    case BlockReduction::count:
      result = barrier.sum;
      break;
    case BlockReduction::all:
      result = barrier.sum == threads_;
      break;
    case BlockReduction::any:
      result = barrier.sum > 0;
      break;
  }
  barrier.result[barrier.phase & 1] = result;
  ++barrier.phase;
  if constexpr (kChecked) watch::barrier();
  barrier.waiting = barrier.sum = 0;
  for (int w = 0; w < warps_; ++w) warp_[w].runnable = warp_[w].alive;
}

// ---- shuffles, votes, __syncwarp ----

std::uint64_t BlockRunner::collective(WarpOp op, unsigned mask, std::uint64_t value, int source_lane, Site site) {
  if (!(mask & bit_of(thread_))) report_mask_without_caller(site);
  LaneState& mine = lane_[thread_];
  mine = {.site = site, .op = op, .mask = mask, .value = value, .result = 0, .source_lane = source_lane};
  WarpState& warp = warp_[thread_ / 32];
  warp.at_collective |= bit_of(thread_);
  warp.runnable &= ~bit_of(thread_);
  try_release_collective(thread_ / 32, mask);
  let_run(pick());
  return mine.result;
}

// Completes the primitive that `mask` names, if all its living lanes have come.
void BlockRunner::try_release_collective(int warp_index, unsigned mask) {
  WarpState& warp = warp_[warp_index];
  const std::uint32_t lanes = mask & warp.alive;
  if ((warp.at_collective & lanes) != lanes) return;
  LaneState* states = &lane_[warp_index * 32];
  const LaneState& first = states[std::countr_zero(lanes)];
  std::uint64_t votes = 0;
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) {
    const LaneState& lane = states[std::countr_zero(rest)];
    if (lane.mask != first.mask || lane.op != first.op || !same(lane.site, first.site)) {
      report_mismatched_lanes(warp_index, first.site, lane.site);
    }
    if (lane.value) votes |= rest & -rest;
  }
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) {
    LaneState& lane = states[std::countr_zero(rest)];
    if (first.op == WarpOp::ballot) lane.result = votes;
    // A lane that takes no part has no value: the reader gets NaN.
    if (first.op == WarpOp::shuffle) {
      lane.result = lanes & (1u << lane.source_lane) ? states[lane.source_lane].value : ~std::uint64_t{0};
    }
  }
  if (first.op == WarpOp::together) work_together(warp_index, lanes);
  if constexpr (kChecked) watch::warp_meets(warp_index, lanes, first.op == WarpOp::sync);
  warp.at_collective &= ~lanes;
  warp.runnable |= lanes;
  released_warp_ = warp_index;
}

// Lanes gave pointers to what they came with.
void BlockRunner::work_together(int warp_index, std::uint32_t lanes) {
  const LaneState* states = &lane_[warp_index * 32];
  const auto mine = [&](int lane) { return reinterpret_cast<const Together*>(states[lane].value); };
  if (lanes != ~0u) report_missing_lanes(warp_index, states[std::countr_zero(lanes)].site);
  std::array<void*, 32> all{};
  for (int lane = 0; lane < 32; ++lane) {
    if (mine(lane)->work != mine(0)->work) report_mismatched_lanes(warp_index, states[0].site, states[lane].site);
    all[lane] = mine(lane)->lane;
  }
  mine(0)->work(all.data());
}

// Leaves the block where it stands. Whatever the abandoned stacks own is lost, so callers own nothing here.
void BlockRunner::abandon_block() {
  switch_fiber(running_->context, host_);
  std::terminate();  // nobody continues an abandoned fiber
}

// ---- for handlers of signals ----

BlockRunner* BlockRunner::current() {
  return t_current;
}

bool BlockRunner::is_on_stack(std::uintptr_t address) const {
  if (!running_) return false;
  const auto bottom = reinterpret_cast<std::uintptr_t>(running_->stack.bottom());
  return is_below_stack(address) || (address >= bottom && address < bottom + running_->stack.bytes());
}

bool BlockRunner::is_below_stack(std::uintptr_t address) const {
  const auto bottom = reinterpret_cast<std::uintptr_t>(running_->stack.bottom());
  return address < bottom && address >= bottom - running_->stack.guard_bytes();
}

bool BlockRunner::is_given_up(std::uintptr_t code) const {
  const GivenUp& given_up = *kernel_->given_up;
  return given_up.number == kernel_->number && code >= given_up.code_begin && code < given_up.code_end;
}

// Only the switch: the thread may have been anywhere, in the allocation of memory too.
void BlockRunner::leave(const Trap& trap) {
  trap_ = trap;
  if constexpr (kChecked) in_kernel = nullptr;
  abandon_block();
}

// ---- what thread_model.h calls ----

namespace {

[[noreturn]] void refuse_outside_kernel(const char* what) {
  throw std::logic_error("CPU device: " + std::string(what) + " was called outside a kernel");
}

inline BlockRunner& runner(const char* what) {
  if (!t_current) [[unlikely]]
    refuse_outside_kernel(what);
  return *t_current;
}

}  // namespace

int block_barrier(BlockReduction reduction, int predicate, Site site) {
  const InDevice device;
  return runner("__syncthreads").barrier(reduction, predicate, site);
}
std::uint64_t warp_collective(WarpOp op, unsigned mask, std::uint64_t value, int source_lane, Site site) {
  const InDevice device;
  return runner("a warp primitive").collective(op, mask, value, source_lane, site);
}
void warp_together(void (*work)(void* const*), void* lane, Site site) {
  const InDevice device;
  const Together mine{work, lane};
  runner("a warp primitive").collective(WarpOp::together, ~0u, reinterpret_cast<std::uintptr_t>(&mine), 0, site);
}
void refuse_misaligned(const void* address, std::size_t alignment, const char* file, int line) {
  const InDevice device;
  std::string what = "misaligned vector of " + std::to_string(alignment) + " bytes at " + memory().place_text(address);
  if (file) what += ": " + std::string(file) + ":" + std::to_string(line);
  stop_kernel(cudaErrorMisalignedAddress, what);
}
void queue_async_copy(const AsyncCopy& copy) {
  const InDevice device;
  BlockRunner& block = runner("an asynchronous copy");
  for (const void* side : {static_cast<const void*>(copy.to), static_cast<const void*>(copy.from)}) {
    if (reinterpret_cast<std::uintptr_t>(side) % copy.bytes != 0) refuse_misaligned(side, copy.bytes, nullptr, 0);
  }
  block.async_copies().queue(block.thread(), copy);
}
void commit_async_copies() {
  const InDevice device;
  BlockRunner& block = runner("an asynchronous copy");
  block.async_copies().commit(block.thread());
}
bool take_async_copy(unsigned pending, AsyncCopy& copy) {
  const InDevice device;
  BlockRunner& block = runner("an asynchronous copy");
  return block.async_copies().take(block.thread(), pending, copy);
}
void* dynamic_shared_memory() {
  return runner("dynamic_shared").dynamic_shared();
}
void stop_kernel(cudaError_t code, const std::string& what) {
  const InDevice device;
  if (t_current) t_current->stop_at(code, what);
  std::fprintf(stderr, "CPU device: %s, outside of kernels: %s\n", cudaGetErrorName(code), what.c_str());
  std::abort();
}
void device_trap(const char* what, Site site) {
  const InDevice device;
  runner(what).report_trap(what, site);
}

}  // namespace simt
