// The memory of the checked device: allocations from one reserved range of addresses, so that one comparison tells
// device memory from everything else, each on pages of its own, so that a table tells whose memory an address is. What
// was freed stays out of use for a long while.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include "kernels/simt/checked/places.h"
#include "kernels/simt/checked/shadow.h"
#include "kernels/simt/memory.h"

namespace simt {

struct Allocation {
  std::uintptr_t begin = 0;
  std::size_t bytes = 0;
  MemoryKind kind = MemoryKind::device;
  bool is_freed = false;
  CallStack allocated{}, freed{};
};

class CheckedArena {
 public:
  /// Throws std::system_error where the system has no addresses left.
  CheckedArena();

  /// An allocation of `bytes`, in `room` bytes between two guard zones of `guard` bytes. Returns where the first guard
  /// zone begins; nullptr where the range is used up.
  void* allocate(std::size_t room, std::size_t bytes, std::size_t guard, MemoryKind kind);
  /// `memory`: what allocate() returned.
  void release(void* memory);

  static bool contains(std::uintptr_t address) { return address - base_ < kDeviceBytes + kPinnedBytes; }
  static bool is_device(std::uintptr_t address) { return address - base_ < kDeviceBytes; }
  /// Whose page this is, or was; nullptr: nobody's. `address` lies in the arena.
  const Allocation* owner(std::uintptr_t address) const { return owners_[(address - base_) / kPage]; }
  Cell& cell(std::uintptr_t address) const { return cells_[(address - base_) / kCellBytes]; }

  std::vector<Allocation> living() const;

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kDeviceBytes = std::size_t{64} << 30;
  static constexpr std::size_t kPinnedBytes = std::size_t{16} << 30;
  static constexpr std::size_t kQuarantine = 4096;  // allocations

  struct Chunk {
    std::size_t pages;
    Allocation allocation;
  };
  using Chunks = std::map<std::size_t, Chunk>;  // by first page
  struct Region {
    std::size_t begin, end, next;  // pages
  };
  std::size_t find_room(Region& region, std::size_t pages) const;
  void reuse(std::size_t first_page);

  static inline constinit std::uintptr_t base_ = std::uintptr_t{1} << 63;  // before there is one: nobody's addresses
  Cell* cells_;
  const Allocation** owners_;
  mutable std::mutex mutex_;
  Chunks chunks_;
  std::deque<std::size_t> quarantine_;
  Region device_{0, kDeviceBytes / kPage, 0};
  Region pinned_{kDeviceBytes / kPage, (kDeviceBytes + kPinnedBytes) / kPage, kDeviceBytes / kPage};
};

CheckedArena& checked_arena();

}  // namespace simt
