// What happens before what inside one kernel: barriers order a block, __syncwarp orders lanes, and a fence with an
// atomic after it orders blocks (release), for a block that reads that atomic (acquire).
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "kernels/simt/checked/shadow.h"

namespace simt {

class BlockOrder {
 public:
  void begin_kernel();
  void begin_block(unsigned block);

  void barrier();
  void syncwarp(int warp, std::uint32_t lanes);
  /// __threadfence() or __threadfence_system().
  void fence(int thread);
  /// An atomic operation of `thread`: publishes what came before its last fence, takes over what others published.
  void atomic(int thread, std::uintptr_t address);

  std::uint32_t tick() const { return tick_; }
  unsigned block() const { return block_; }
  /// Whether an access of this kernel happens before what `thread` of the running block does now.
  bool is_ordered(const Toucher& by, int thread) const {
    if (by.block != block_) return is_published(by, thread);
    if (by.thread == thread || by.tick < barrier_tick_) return true;
    return by.thread / 32 == thread / 32 &&
           by.tick <
               warps_[static_cast<unsigned>(thread) / 32].known[static_cast<unsigned>(thread) % 32][by.thread % 32];
  }

 private:
  struct Publication {  ///< of a block: all before its last barrier, and its thread's own before the fence
    unsigned block;
    int thread;
    std::uint32_t fence_tick, barrier_tick;
  };
  struct Acquisition {
    std::uint32_t tick;
    int thread;
    Publication publication;
  };
  struct Warp {
    /// known[a][b]: lane a knows of lane b's accesses before that tick
    std::array<std::array<std::uint32_t, 32>, 32> known;
    bool is_used;
  };
  bool is_published(const Toucher& by, int thread) const;

  unsigned block_ = 0;
  std::uint32_t tick_ = 1, barrier_tick_ = 1;
  std::array<Warp, 32> warps_{};
  struct Fence {
    std::uint32_t tick, barrier_tick;
  };
  std::unordered_map<int, Fence> fences_;  ///< of the block's threads, the last one
  std::unordered_map<std::uintptr_t, std::vector<Publication>> published_;
  std::unordered_multimap<unsigned, Acquisition> acquired_;  ///< by the block it comes from
};

}  // namespace simt
