#include "kernels/simt/checked/block_order.h"

#include <algorithm>
#include <bit>

namespace simt {

void BlockOrder::begin_kernel() {
  published_.clear();
}

void BlockOrder::begin_block(unsigned block) {
  block_ = block;
  tick_ = barrier_tick_ = 1;
  for (Warp& warp : warps_) {
    if (warp.is_used) warp = {};
  }
  fences_.clear();
  acquired_.clear();
}

void BlockOrder::barrier() {
  barrier_tick_ = ++tick_;
}

void BlockOrder::syncwarp(int number, std::uint32_t lanes) {
  Warp& warp = warps_[static_cast<std::size_t>(number)];
  warp.is_used = true;
  ++tick_;
  std::array<std::uint32_t, 32> all{};  // what any of the lanes knows
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) {
    const auto& known = warp.known[static_cast<std::size_t>(std::countr_zero(rest))];
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = std::max(all[i], known[i]);
  }
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1)
    all[static_cast<std::size_t>(std::countr_zero(rest))] = tick_;
  for (std::uint32_t rest = lanes; rest; rest &= rest - 1) {
    warp.known[static_cast<std::size_t>(std::countr_zero(rest))] = all;
  }
}

void BlockOrder::fence(int thread) {
  fences_[thread] = {++tick_, barrier_tick_};
}

void BlockOrder::atomic(int thread, std::uintptr_t address) {
  auto& published = published_[address];
  if (const auto fence = fences_.find(thread); fence != fences_.end()) {
    const Publication mine{block_, thread, fence->second.tick, fence->second.barrier_tick};
    const auto same = std::find_if(published.begin(), published.end(),
                                   [&](const Publication& p) { return p.block == block_ && p.thread == thread; });
    if (same == published.end()) {
      published.push_back(mine);
    } else {
      *same = mine;
    }
  }
  for (const Publication& p : published) {
    if (p.block != block_) acquired_.emplace(p.block, Acquisition{tick_, thread, p});
  }
}

// What another thread of the block acquired counts after a barrier.
bool BlockOrder::is_published(const Toucher& by, int thread) const {
  const auto [begin, end] = acquired_.equal_range(by.block);
  return std::any_of(begin, end, [&](const auto& entry) {
    const auto& [tick, acquirer, p] = entry.second;
    if (acquirer != thread && tick >= barrier_tick_) return false;
    return by.tick < p.barrier_tick || (by.thread == p.thread && by.tick < p.fence_tick);
  });
}

}  // namespace simt
