#include "kernels/simt/checked/traffic.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

namespace simt {
namespace {

void count(GlobalTraffic& traffic, const WarpRequest& request) {
  const SectorCount sectors = count_sectors(request);
  const unsigned lanes = static_cast<unsigned>(std::popcount(request.lanes));
  ++traffic.requests;
  traffic.lanes += lanes;
  traffic.bytes += lanes * request.bytes;
  traffic.sectors += sectors.touched;
  traffic.least_sectors += sectors.least;
}

void count(SharedTraffic& traffic, const WarpRequest& request) {
  const WavefrontCount wavefronts = count_wavefronts(request);
  const unsigned lanes = static_cast<unsigned>(std::popcount(request.lanes));
  ++traffic.requests;
  traffic.lanes += lanes;
  traffic.bytes += lanes * request.bytes;
  traffic.wavefronts += wavefronts.needed;
  traffic.least_wavefronts += wavefronts.least;
}

void count_lanes(KernelTraffic& kernel, std::uint32_t active, std::uint32_t existing) {
  ++kernel.requests;
  kernel.active_lanes += static_cast<unsigned>(std::popcount(active));
  kernel.lane_slots += static_cast<unsigned>(std::popcount(existing));
  kernel.partial_requests += active != existing;
}

template <class T>
T& choose(const WarpRequest& request, bool is_write, T& reads, T& writes, T& atomics) {
  return request.is_atomic ? atomics : is_write ? writes : reads;
}

}  // namespace

// ---- kernels and blocks ----

void TrafficCounter::begin_kernel(const std::string& name, dim3 grid, dim3 block) {
  const std::array grid_extents{grid.x, grid.y, grid.z}, block_extents{block.x, block.y, block.z};
  kernel_ = &kernels_[{name, grid_extents, block_extents}];
  kernel_->name = name;
  kernel_->grid = grid_extents;
  kernel_->block = block_extents;
  ++kernel_->launches;
  threads_ = std::size_t{block.x} * block.y * block.z;
  numbers_.clear();
  instructions_.clear();
  warps_.assign((threads_ + kWarpLanes - 1) / kWarpLanes, {});
  pending_ = 0;
}

void TrafficCounter::begin_block() {
  if (!kernel_) return;
  forget_pending();  // of a block that a fault ended
  ++kernel_->blocks;
}

void TrafficCounter::barrier() {
  if (!kernel_) return;
  for (std::size_t warp = 0; warp < warps_.size(); ++warp) flush_warp(warp);
  ++kernel_->barriers;
}

void TrafficCounter::warp_collective(int warp, std::uint32_t lanes) {
  if (!kernel_) return;
  const auto number = static_cast<std::size_t>(warp);
  if (lanes == lanes_of(number)) flush_warp(number);  // a part of the warp says nothing about the rest
  ++kernel_->warp_collectives;
}

void TrafficCounter::end_block() {
  for (std::size_t warp = 0; warp < warps_.size(); ++warp) flush_warp(warp);
}

void TrafficCounter::end_kernel() {
  kernel_ = nullptr;
}

std::vector<KernelTraffic> TrafficCounter::take() {
  forget_pending();
  kernel_ = nullptr;
  const auto counted = std::exchange(kernels_, {});
  if (!overflowed_.empty()) {
    throw std::runtime_error("counting " + std::exchange(overflowed_, {}) + ": a block had more than " +
                             std::to_string(kPendingLimit) +
                             " memory instructions under way between two barriers; expected fewer; count a smaller "
                             "case, or one with more blocks");
  }
  std::vector<KernelTraffic> result;
  for (const auto& [key, kernel] : counted) result.push_back(kernel);
  return result;
}

// ---- accesses ----

std::size_t TrafficCounter::InstructionHash::operator()(const Instruction& i) const {
  const std::size_t kind = i.bytes << 2 | std::size_t{i.is_write} << 1 | std::size_t{i.is_atomic};
  return (i.place ^ (kind + i.offset) << 40) * 0x9e3779b97f4a7c15u >> 16;
}

void TrafficCounter::access(const Access& access) {
  if (!kernel_) return;
  for (unsigned offset = 0;
       offset < access.bytes;) {  // wider ones, such as copies of structs, are several instructions
    const unsigned bytes = std::min(kWidestAccess, std::bit_floor(access.bytes - offset));
    add({access.place, bytes, offset, access.is_write, access.is_atomic}, access, access.address + offset);
    offset += bytes;
  }
}

void TrafficCounter::add(const Instruction& instruction, const Access& access, std::uintptr_t address) {
  const std::size_t number = number_of(instruction);
  const std::size_t warp_number = static_cast<unsigned>(access.thread) / kWarpLanes;
  const std::size_t lane = static_cast<unsigned>(access.thread) % kWarpLanes;
  Warp& warp = warps_[warp_number];
  if (warp.executions.size() <= number) warp.executions.resize(number + 1);
  Executions& executions = warp.executions[number];
  const std::size_t n = executions.count[lane]++;
  if (executions.flushed == 0 && executions.requests.empty()) warp.touched.push_back(number);
  if (n - executions.first == executions.requests.size()) {
    if (pending_ == kPendingLimit) {
      overflowed_ = kernel_->name;
      kernel_ = nullptr;  // the rest of this launch is not counted
      return;
    }
    executions.requests.emplace_back();
    ++pending_;
  }
  Pending& pending = executions.requests[n - executions.first];
  const std::uint32_t bit = 1u << lane;
  pending.executed |= bit;
  if (access.space == Space::global) pending.global |= bit;
  if (access.space == Space::shared) pending.shared |= bit;
  pending.address[lane] = address;
  if (pending.executed == lanes_of(warp_number)) flush_first(warp_number, number);
}

std::size_t TrafficCounter::number_of(const Instruction& instruction) {
  const auto [place, is_new] = numbers_.try_emplace(instruction, instructions_.size());
  if (is_new) instructions_.push_back(instruction);
  return place->second;
}

std::uint32_t TrafficCounter::lanes_of(std::size_t warp) const {
  const std::size_t first = warp * kWarpLanes;
  if (first + kWarpLanes <= threads_) return ~0u;
  return first < threads_ ? (1u << (threads_ - first)) - 1 : 0;
}

// ---- requests ----

void TrafficCounter::flush_warp(std::size_t warp) {
  for (const std::size_t number : warps_[warp].touched) {
    Executions& executions = warps_[warp].executions[number];
    while (!executions.requests.empty()) flush_first(warp, number);
    executions.count.fill(0);
    executions.first = executions.flushed = 0;
  }
  warps_[warp].touched.clear();
}

// The oldest pending request of an instruction is always the first that is complete: lanes execute in order.
void TrafficCounter::flush_first(std::size_t warp, std::size_t number) {
  Executions& executions = warps_[warp].executions[number];
  const Instruction& instruction = instructions_[number];
  const Pending& pending = executions.requests[executions.flushed - executions.first];
  WarpRequest request{pending.global, instruction.bytes, instruction.is_atomic, pending.address};
  if (kernel_ && pending.global) {
    count(choose(request, instruction.is_write, kernel_->global_reads, kernel_->global_writes, kernel_->global_atomics),
          request);
    count_lanes(*kernel_, pending.global, lanes_of(warp));
  }
  request.lanes = pending.shared;
  if (kernel_ && pending.shared) {
    count(choose(request, instruction.is_write, kernel_->shared_reads, kernel_->shared_writes, kernel_->shared_atomics),
          request);
    count_lanes(*kernel_, pending.shared, lanes_of(warp));
  }
  --pending_;
  if (++executions.flushed - executions.first == executions.requests.size()) {
    executions.requests.clear();
    executions.first = executions.flushed;
  }
}

void TrafficCounter::forget_pending() {
  for (Warp& warp : warps_) {
    for (const std::size_t number : warp.touched) {
      warp.executions[number] = {};
    }
    warp.touched.clear();
  }
  pending_ = 0;
}

}  // namespace simt
