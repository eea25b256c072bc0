#include "kernels/simt/block_runner.h"

#include <bit>
#include <cstring>
#include <exception>
#include <utility>

#include "kernels/simt/kernel_name.h"

namespace simt {
namespace {

constexpr std::size_t kStackBytes = 256 << 10;
constinit thread_local BlockRunner* t_current = nullptr;

std::string triple(unsigned x, unsigned y, unsigned z) {
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

std::string at(Site site) {
  return std::string(site.file) + ":" + std::to_string(site.line);
}

bool same(Site a, Site b) {
  return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

uint3 index_of(int thread, dim3 block) {
  const unsigned t = static_cast<unsigned>(thread);
  if (block.y == 1 && block.z == 1) return {t, 0, 0};
  return {t % block.x, t / block.x % block.y, t / block.x / block.y};
}

std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::uint32_t bit_of(int thread) {
  return 1u << (thread % 32);
}

}  // namespace

BlockRunner::BlockRunner() = default;
BlockRunner::~BlockRunner() = default;

BlockRunner* BlockRunner::current() {
  return t_current;
}

// ---- one block ----

Fault BlockRunner::run(const KernelRun& kernel, unsigned block) {
  start_block(kernel, block);
  t_current = this;
  continue_with(pick());
  t_current = nullptr;
  block_threads = 1;
  if (kernel.check_guards) check_dynamic_shared();
  if (fault_.code != cudaSuccess) {  // the stacks hold half-run threads: all start afresh
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
  threads_ = alive_ = call.threads();
  warps_ = (threads_ + 31) / 32;
  at_barrier_ = phase_ = sum_ = 0;
  released_warp_ = -1;
  random_ = mix(kernel.seed ^ mix(block + 0x9e3779b97f4a7c15u));
  thread_ = kernel.schedule == Schedule::forward ? threads_ - 1 : 0;
  for (int w = 0; w < warps_; ++w) {
    const int lanes = std::min(32, threads_ - w * 32);
    const std::uint32_t existing = lanes == 32 ? ~0u : (1u << lanes) - 1;
    warp_[w] = {.runnable = existing, .started = 0, .alive = existing, .at_collective = 0};
  }
  running_ = nullptr;
  blockDim = call.block;
  gridDim = call.grid;
  blockIdx = {block % call.grid.x, block / call.grid.x % call.grid.y, block / call.grid.x / call.grid.y};
  block_threads = threads_;
  shared_.resize_dynamic(call.dynamic_shared);
  if (kernel.poison_shared) shared_.poison();
  if (kernel.check_guards) shared_.set_guard();
}

void BlockRunner::check_dynamic_shared() {
  const auto damage = shared_.find_damage();
  if (!damage || fault_.code != cudaSuccess) return;
  fault_ = {cudaErrorIllegalAddress, describe_block() + ": out-of-bounds write " + std::to_string(*damage) +
                                         " bytes after the end of " + std::to_string(shared_.dynamic_bytes()) +
                                         " bytes of dynamic shared memory"};
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
    try {
      run_thread_(packed_);
    } catch (const std::exception& error) {
      set_fault(cudaErrorLaunchFailure, std::string("the kernel threw an exception: ") + error.what());
    } catch (...) {
      set_fault(cudaErrorLaunchFailure, "the kernel threw something that is no std::exception");
    }
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
      running_ = state_[next].fiber;
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
        try_release_collective(thread_ / 32, state_[thread_ / 32 * 32 + lane].mask);
      }
    }
  }
  const int next = pick();
  if (next < 0) report_deadlock();
  return next;
}

// The running thread cannot go on now.
void BlockRunner::wait() {
  const int me = thread_;
  const int next = pick();
  if (next == me) return;
  if (next < 0) report_deadlock();
  state_[me].fiber = running_;
  continue_with(next);
}

// Continues `thread` on its own fiber, or starts it on a free one; returns when the caller is continued.
void BlockRunner::continue_with(int thread) {
  FiberContext& from = running_ ? running_->context : host_;
  set_thread(thread);
  running_ = warp_[thread / 32].started & bit_of(thread) ? state_[thread].fiber : &take_fiber();
  switch_fiber(from, running_->context);
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

void BlockRunner::set_thread(int thread) {
  thread_ = thread;
  threadIdx = index_of(thread, kernel_->call->block);
}

// ---- who runs next ----

int BlockRunner::pick() {
  if (kernel_->schedule == Schedule::random) return pick_random();
  const bool forward = kernel_->schedule == Schedule::forward;
  if (const int w = std::exchange(released_warp_, -1); w >= 0) {
    // A warp goes on as soon as its lanes have met: a switch to other warps would make every shuffle a block barrier.
    const std::uint32_t lanes = warp_[w].runnable;
    return w * 32 + (forward ? std::countr_zero(lanes) : 31 - std::countl_zero(lanes));
  }
  return forward ? pick_after(thread_) : pick_before(thread_);
}

int BlockRunner::pick_after(int thread) const {
  const int first = thread / 32, lane = thread % 32;
  const std::uint32_t later = lane == 31 ? 0 : warp_[first].runnable & (~0u << (lane + 1));
  if (later) return first * 32 + std::countr_zero(later);
  for (int i = 1; i <= warps_; ++i) {
    const int w = first + i < warps_ ? first + i : first + i - warps_;
    if (warp_[w].runnable) return w * 32 + std::countr_zero(warp_[w].runnable);
  }
  return -1;
}

int BlockRunner::pick_before(int thread) const {
  const int first = thread / 32, lane = thread % 32;
  const std::uint32_t earlier = warp_[first].runnable & ((1u << lane) - 1);
  if (earlier) return first * 32 + 31 - std::countl_zero(earlier);
  for (int i = 1; i <= warps_; ++i) {
    const int w = first - i >= 0 ? first - i : first - i + warps_;
    if (warp_[w].runnable) return w * 32 + 31 - std::countl_zero(warp_[w].runnable);
  }
  return -1;
}

int BlockRunner::pick_random() {
  int runnable = 0;
  for (int w = 0; w < warps_; ++w) runnable += std::popcount(warp_[w].runnable);
  if (runnable == 0) return -1;
  random_ += 0x9e3779b97f4a7c15u;
  int chosen = static_cast<int>(mix(random_) % static_cast<std::uint64_t>(runnable));
  for (int w = 0;; ++w) {
    std::uint32_t lanes = warp_[w].runnable;
    const int here = std::popcount(lanes);
    if (chosen >= here) {
      chosen -= here;
      continue;
    }
    while (chosen-- > 0) lanes &= lanes - 1;
    return w * 32 + std::countr_zero(lanes);
  }
}

// ---- __syncthreads ----

int BlockRunner::barrier(BlockReduction reduction, int predicate, Site site) {
  ThreadState& mine = state_[thread_];
  mine.site = site;
  mine.reduction = reduction;
  warp_[thread_ / 32].runnable &= ~bit_of(thread_);
  sum_ += predicate != 0;
  const int phase = phase_;
  if (++at_barrier_ == alive_) release_barrier();
  wait();
  // Nobody passes the next barrier before everybody has read this one's result: two are enough.
  return barrier_result_[phase & 1];
}

void BlockRunner::release_barrier() {
  const ThreadState& mine = state_[thread_];
  if (alive_ < threads_) {
    set_fault(cudaErrorLaunchFailure,
              "divergent barrier: " + std::to_string(threads_ - alive_) + " of " + std::to_string(threads_) +
                  " threads have returned from the kernel, the others wait at " + at(mine.site));
    abandon_block();
  }
  for (int t = 0; t < threads_; ++t) {
    if (!same(state_[t].site, mine.site) || state_[t].reduction != mine.reduction) {
      set_fault(cudaErrorLaunchFailure, "divergent barrier: thread " + describe_thread(thread_) + " waits at " +
                                            at(mine.site) + ", thread " + describe_thread(t) + " at " +
                                            at(state_[t].site));
      abandon_block();
    }
  }
  int result = 0;
  switch (mine.reduction) {
    case BlockReduction::none:
      break;
    case BlockReduction::count:
      result = sum_;
      break;
    case BlockReduction::all:
      result = sum_ == threads_;
      break;
    case BlockReduction::any:
      result = sum_ > 0;
      break;
  }
  barrier_result_[phase_ & 1] = result;
  ++phase_;
  at_barrier_ = sum_ = 0;
  for (int w = 0; w < warps_; ++w) warp_[w].runnable = warp_[w].alive;
}

// ---- shuffles, votes, __syncwarp ----

std::uint64_t BlockRunner::collective(WarpOp op, unsigned mask, std::uint64_t value, int source_lane, Site site) {
  ThreadState& mine = state_[thread_];
  mine.site = site;
  if (!(mask & bit_of(thread_))) {
    set_fault(cudaErrorLaunchFailure, "wrong lane mask at " + at(site) + ": the mask does not name the calling lane " +
                                          std::to_string(thread_ % 32));
    abandon_block();
  }
  mine.op = op;
  mine.mask = mask;
  mine.value = value;
  mine.source_lane = source_lane;
  WarpState& warp = warp_[thread_ / 32];
  warp.at_collective |= bit_of(thread_);
  warp.runnable &= ~bit_of(thread_);
  try_release_collective(thread_ / 32, mask);
  wait();
  return mine.result;
}

// Completes the primitive that `mask` names, if all its living lanes have come.
void BlockRunner::try_release_collective(int warp_index, unsigned mask) {
  WarpState& warp = warp_[warp_index];
  const std::uint32_t lanes = mask & warp.alive;
  if ((warp.at_collective & lanes) != lanes) return;
  ThreadState* states = &state_[warp_index * 32];
  const ThreadState& first = states[std::countr_zero(lanes)];
  std::uint64_t votes = 0;
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) {
    const ThreadState& lane = states[std::countr_zero(rest)];
    if (lane.mask != first.mask || lane.op != first.op || !same(lane.site, first.site)) {
      set_fault(cudaErrorLaunchFailure, "wrong lane mask: lanes of warp " + std::to_string(warp_index) +
                                            " wait for each other at different primitives or under different masks: " +
                                            at(first.site) + " and " + at(lane.site));
      abandon_block();
    }
    if (lane.value) votes |= rest & -rest;
  }
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) {
    ThreadState& lane = states[std::countr_zero(rest)];
    if (first.op == WarpOp::ballot) lane.result = votes;
    // A lane that takes no part has no value: the reader gets NaN.
    if (first.op == WarpOp::shuffle) {
      lane.result = lanes & (1u << lane.source_lane) ? states[lane.source_lane].value : ~std::uint64_t{0};
    }
  }
  warp.at_collective &= ~lanes;
  warp.runnable |= lanes;
  released_warp_ = warp_index;
}

// ---- faults ----

void BlockRunner::set_fault(cudaError_t code, const std::string& what) {
  if (fault_.code == cudaSuccess) {
    fault_ = {code, describe_block() + ", thread " + describe_thread(thread_) + ": " + what};
  }
}

// Leaves the block where it stands. Whatever the abandoned stacks own is lost, so callers own nothing here.
void BlockRunner::abandon_block() {
  switch_fiber(running_->context, host_);
  std::terminate();  // nobody continues an abandoned fiber
}

void BlockRunner::report_deadlock() {
  set_fault(cudaErrorLaunchFailure, "deadlock: " + std::to_string(alive_) + " of " + std::to_string(threads_) +
                                        " threads wait for others that never come: " + describe_waiting());
  abandon_block();
}

std::string BlockRunner::describe_waiting() const {
  constexpr int kListed = 4;
  std::string text;
  int listed = 0;
  for (int t = 0; t < threads_; ++t) {
    const WarpState& warp = warp_[t / 32];
    if (!(warp.alive & bit_of(t))) continue;
    if (listed == kListed) return text + "; ...";
    if (listed++ > 0) text += "; ";
    const char* where = warp.at_collective & bit_of(t) ? " at a warp primitive in " : " at a barrier in ";
    text += "thread " + describe_thread(t) + where + at(state_[t].site);
  }
  return text;
}

std::string BlockRunner::describe_thread(int thread) const {
  const uint3 index = index_of(thread, kernel_->call->block);
  return triple(index.x, index.y, index.z);
}

std::string BlockRunner::describe_block() const {
  return kernel_name(kernel_->call->function) + ", block " + triple(blockIdx.x, blockIdx.y, blockIdx.z);
}

// ---- what thread_model.h calls ----

namespace {

BlockRunner& runner(const char* what) {
  BlockRunner* current = BlockRunner::current();
  if (!current) {
    std::fprintf(stderr, "CPU device: %s was called outside a kernel\n", what);
    std::abort();
  }
  return *current;
}

}  // namespace

int block_barrier(BlockReduction reduction, int predicate, Site site) {
  return runner("__syncthreads").barrier(reduction, predicate, site);
}
std::uint64_t warp_collective(WarpOp op, unsigned mask, std::uint64_t value, int source_lane, Site site) {
  return runner("a warp primitive").collective(op, mask, value, source_lane, site);
}
void* dynamic_shared_memory() {
  return runner("dynamic_shared").dynamic_shared();
}
void device_trap(const char* what, Site site) {
  BlockRunner& current = runner(what);
  current.set_fault(cudaErrorLaunchFailure, std::string(what) + " at " + at(site));
  current.abandon_block();
}

}  // namespace simt
