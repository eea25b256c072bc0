// What one memory instruction of one warp costs on a GPU: sectors of global memory, wavefronts of shared memory.
// Source: NVIDIA, CUDA C++ Best Practices Guide, "Coalesced Access to Global Memory" and "Shared Memory and Memory
// Banks"; NVIDIA, Nsight Compute documentation, "Memory Tables" (sectors, wavefronts).
#pragma once

#include <array>
#include <cstdint>

namespace simt {

inline constexpr int kWarpLanes = 32;
inline constexpr unsigned kSectorBytes = 32;
inline constexpr unsigned kBanks = 32;
inline constexpr unsigned kBankBytes = 4;
inline constexpr unsigned kWidestAccess = 16;  ///< bytes that one lane moves with one instruction, at most

/// The lanes of a warp that execute one memory instruction together.
struct WarpRequest {
  std::uint32_t lanes = 0;  ///< bit i: lane i takes part
  unsigned bytes = 0;       ///< of each lane; 1 to kWidestAccess
  bool is_atomic = false;
  std::array<std::uintptr_t, kWarpLanes> address{};  ///< of the lanes that take part
};

struct SectorCount {
  unsigned touched;  ///< distinct sectors
  unsigned least;    ///< ceil(distinct bytes / 32)
};
SectorCount count_sectors(const WarpRequest& request);

struct WavefrontCount {
  unsigned needed;
  unsigned least;  ///< the same without bank conflicts
};
/// Lanes go together as far as they fill the banks once: all 32 with 4 bytes each, 16 with 8, 8 with 16. A bank gives
/// one word per wavefront; lanes that want the same word share it, except atomics, which take turns.
WavefrontCount count_wavefronts(const WarpRequest& request);

}  // namespace simt
