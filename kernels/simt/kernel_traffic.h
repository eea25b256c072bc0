// What the kernels of the CPU device moved, counted as a GPU's warps would: simt.h says when counts are made.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace simt {

/// Accesses of one kind to global memory. A request is one instruction executed by one warp.
struct GlobalTraffic {
  std::uint64_t requests = 0;
  std::uint64_t lanes = 0;          ///< accesses of single threads
  std::uint64_t bytes = 0;          ///< that the threads asked for, all added up
  std::uint64_t sectors = 0;        ///< distinct 32-byte sectors of each request: what it moves
  std::uint64_t least_sectors = 0;  ///< that the distinct bytes of each request would fill if they lay side by side

  std::uint64_t bytes_moved() const { return sectors * 32; }
  bool operator==(const GlobalTraffic&) const = default;
};

/// Accesses of one kind to shared memory: 32 banks, 4 bytes each.
struct SharedTraffic {
  std::uint64_t requests = 0;
  std::uint64_t lanes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t wavefronts = 0;        ///< passes over the banks
  std::uint64_t least_wavefronts = 0;  ///< without bank conflicts

  /// Passes that bank conflicts cost.
  std::uint64_t excess_wavefronts() const { return wavefronts - least_wavefronts; }
  bool operator==(const SharedTraffic&) const = default;
};

/// All launches of one kernel with one grid and block, added up. Counts are exact and the same under every schedule.
struct KernelTraffic {
  std::string name;
  std::array<unsigned, 3> grid{}, block{};  ///< x, y, z
  std::uint64_t launches = 0;
  std::uint64_t blocks = 0;  ///< that ran

  GlobalTraffic global_reads, global_writes, global_atomics;
  SharedTraffic shared_reads, shared_writes, shared_atomics;

  std::uint64_t barriers = 0;          ///< of whole blocks
  std::uint64_t warp_collectives = 0;  ///< shuffles, votes and __syncwarp, once per warp
  std::uint64_t requests = 0;          ///< all of the above kinds
  std::uint64_t active_lanes = 0;      ///< lanes that took part in them
  std::uint64_t lane_slots = 0;        ///< lanes that the warps of these requests have
  std::uint64_t partial_requests = 0;  ///< in which some lane of the warp took no part
};

}  // namespace simt
