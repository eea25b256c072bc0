// Counts what a kernel moves, request by request. The threads of a block run one after another here, so the lanes of a
// warp are put together afterwards: the n-th execution of one instruction by each lane since the last
// synchronisation of the warp is one request. That is exact while the lanes of a warp take the same turns between two
// synchronisations; where they do not, it pairs as early as possible.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "kernels/simt/checked/warp_requests.h"
#include "kernels/simt/kernel_traffic.h"
#include "kernels/simt/vector_types.h"

namespace simt {

enum class Space {
  global,
  shared,
  local,  ///< a thread's own: not counted, but told, so that the lanes' executions stay in step
};

struct Access {
  Space space;
  bool is_write, is_atomic;  ///< an atomic update is one access with both
  int thread;                ///< in its block, x fastest
  std::uintptr_t address;
  unsigned bytes;
  std::uintptr_t place;  ///< address of the instruction
};

/// Not synchronised: blocks run one after another. Nothing here throws for what a kernel does.
class TrafficCounter {
 public:
  void begin_kernel(const std::string& name, dim3 grid, dim3 block);
  void begin_block();
  void access(const Access& access);
  /// All threads of the block have come to a barrier, none has gone on.
  void barrier();
  /// `lanes` of warp number `warp` have met at a warp primitive, none has gone on.
  void warp_collective(int warp, std::uint32_t lanes);
  void end_block();
  void end_kernel();

  /// What was counted, ordered by kernel, grid and block; forgets it. Throws std::runtime_error that names the kernel
  /// where more than kPendingLimit requests of a block were incomplete at once: those counts would be wrong.
  std::vector<KernelTraffic> take();

  /// Bounds the memory: some 300 bytes each.
  static constexpr std::size_t kPendingLimit = std::size_t{1} << 20;

 private:
  struct Instruction {  ///< with bytes and kind: one hook may stand for several accesses
    std::uintptr_t place;
    unsigned bytes, offset;  ///< offset: within an access that is wider than one instruction
    bool is_write, is_atomic;
    bool operator==(const Instruction&) const = default;
  };
  struct InstructionHash {
    std::size_t operator()(const Instruction& instruction) const;
  };
  struct Pending {                                       ///< a request that waits for lanes
    std::uint32_t global = 0, shared = 0, executed = 0;  ///< lanes
    std::array<std::uintptr_t, kWarpLanes> address;
  };
  struct Executions {  ///< of one instruction by one warp, since its last synchronisation
    std::array<std::size_t, kWarpLanes> count{};
    std::vector<Pending> requests;  ///< number `first` and later; those before number `flushed` are done with
    std::size_t first = 0, flushed = 0;
  };
  struct Warp {
    std::vector<Executions> executions;  ///< by number of instruction
    std::vector<std::size_t> touched;    ///< the instructions that were executed
  };

  void add(const Instruction& instruction, const Access& access, std::uintptr_t address);
  std::size_t number_of(const Instruction& instruction);
  std::uint32_t lanes_of(std::size_t warp) const;
  void flush_warp(std::size_t warp);
  void flush_first(std::size_t warp, std::size_t instruction);
  void forget_pending();

  using Extents = std::array<unsigned, 3>;
  std::map<std::tuple<std::string, Extents, Extents>, KernelTraffic> kernels_;
  KernelTraffic* kernel_ = nullptr;  ///< the one that runs
  std::size_t threads_ = 0;
  std::unordered_map<Instruction, std::size_t, InstructionHash> numbers_;
  std::vector<Instruction> instructions_;
  std::vector<Warp> warps_;
  std::size_t pending_ = 0;
  std::string overflowed_;  ///< kernel with too many pending requests
};

}  // namespace simt
