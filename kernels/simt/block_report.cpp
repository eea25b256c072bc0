// What a block says when it stops: the kernel, the block, the thread, the place in the source.
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "kernels/simt/block_runner.h"
#include "kernels/simt/kernel_name.h"
#include "kernels/simt/memory.h"
#include "kernels/simt/time_limit.h"
#include "kernels/simt/traps.h"

namespace simt {
namespace {

std::string triple(unsigned x, unsigned y, unsigned z) {
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

std::string at(Site site) {
  return std::string(site.file) + ":" + std::to_string(site.line);
}

}  // namespace

void BlockRunner::set_fault(cudaError_t code, const std::string& what) {
  if (fault_.code == cudaSuccess) {
    fault_ = {code, describe_block() + ", thread " + describe_thread(thread_) + ": " + what};
  }
}

// After leave(): what the handler could not write down.
void BlockRunner::report_left() {
  const Trap trap = std::exchange(trap_, {});
  std::string what = trap.what ? trap.what : "";
  if (trap.has_address) what += " at " + memory().place_text(trap.address, shared_.ranges());
  what += place_in_source(trap.code_place);
  if (trap.code == cudaErrorLaunchTimeout) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%g", kernel_->block_seconds);
    what = are_long_kernels_stopped()
               ? "still running when the program was asked to end"
               : "still running, and no block of the grid has ended for " + std::string(seconds) + " s";
  }
  set_fault(trap.code, what);
  fault_.spoils_process |= trap.spoils_process;
}

void BlockRunner::check_dynamic_shared() {
  const auto damage = shared_.find_damage();
  if (!damage || fault_.code != cudaSuccess) return;
  fault_ = {cudaErrorIllegalAddress, describe_block() + ": out-of-bounds write " + std::to_string(*damage) +
                                         " bytes after the end of " + std::to_string(shared_.dynamic_bytes()) +
                                         " bytes of dynamic shared memory"};
}

void BlockRunner::report_trap(const char* what, Site site) {
  set_fault(cudaErrorLaunchFailure, std::string(what) + " at " + at(site));
  abandon_block();
}

void BlockRunner::stop_at(cudaError_t code, const std::string& what) {
  set_fault(code, what);
  abandon_block();
}

BlockRunner::Fiber& BlockRunner::take_fiber_or_stop() {
  std::string lack;
  try {
    return take_fiber();
  } catch (const std::exception& error) {
    lack = error.what();
  }
  stop_at(cudaErrorMemoryAllocation, lack);
}

void BlockRunner::report_deadlock() {
  set_fault(cudaErrorLaunchFailure, "deadlock: " + std::to_string(alive_) + " of " + std::to_string(threads_) +
                                        " threads wait for others that never come: " + describe_waiting());
  abandon_block();
}

void BlockRunner::report_divergent_barrier(Site site) {
  set_fault(cudaErrorLaunchFailure, "divergent barrier: thread " + describe_thread(thread_) + " waits at " + at(site) +
                                        ", thread " + describe_thread(barrier_.first) + " at " + at(barrier_.site));
  abandon_block();
}

void BlockRunner::report_missing_threads() {
  set_fault(cudaErrorLaunchFailure,
            "divergent barrier: " + std::to_string(threads_ - alive_) + " of " + std::to_string(threads_) +
                " threads have returned from the kernel, the others wait at " + at(barrier_.site));
  abandon_block();
}

void BlockRunner::report_mask_without_caller(Site site) {
  set_fault(cudaErrorLaunchFailure, "wrong lane mask at " + at(site) + ": the mask does not name the calling lane " +
                                        std::to_string(thread_ % 32));
  abandon_block();
}

void BlockRunner::report_mismatched_lanes(int warp, Site first, Site other) {
  set_fault(cudaErrorLaunchFailure, "wrong lane mask: lanes of warp " + std::to_string(warp) +
                                        " wait for each other at different primitives or under different masks: " +
                                        at(first) + " and " + at(other));
  abandon_block();
}

void BlockRunner::report_missing_lanes(int warp, Site site) {
  set_fault(cudaErrorLaunchFailure, "lanes of warp " + std::to_string(warp) +
                                        " are missing from work that needs all 32 of them at " + at(site));
  abandon_block();
}

// Of the thread that has returned from the kernel.
void BlockRunner::check_async_copies() {
  if (const std::size_t left = async_copies_.left(thread_); left > 0) {
    set_fault(cudaErrorLaunchFailure, "the thread leaves the kernel and never waited for " + std::to_string(left) +
                                          " of its asynchronous copies");
  }
}

std::string BlockRunner::describe_waiting() const {
  constexpr int kListed = 4;
  std::string text;
  int listed = 0;
  for (int t = 0; t < threads_; ++t) {
    const WarpState& warp = warp_[t / 32];
    const std::uint32_t bit = 1u << (t % 32);
    if (!(warp.alive & bit)) continue;
    if (listed == kListed) return text + "; ...";
    if (listed++ > 0) text += "; ";
    text += "thread " + describe_thread(t);
    text += warp.at_collective & bit ? " at a warp primitive in " + at(lane_[t].site)
                                     : " at a barrier in " + at(barrier_.site);
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

}  // namespace simt
