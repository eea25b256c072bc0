// Device and pinned allocations: poisoned when made, with guard zones around them that show writes out of bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kernels/simt/runtime_api.h"
#include "kernels/simt/shared_memory.h"

namespace simt {

enum class MemoryKind { host, pinned, device };

class MemoryRegistry {
 public:
  /// 256-byte aligned memory filled with 0xff (NaN as float), or nullptr where there is no more.
  void* allocate(std::size_t bytes, MemoryKind kind);
  /// False if `pointer` is not the start of an allocation of that kind. `damage`: what its guard zones show.
  bool release(void* pointer, MemoryKind kind, std::optional<std::string>& damage);

  /// What [pointer, pointer + bytes) lies in: host memory nobody registered, or wholly within one allocation.
  /// nullopt for a null pointer, and where the range leaves an allocation or touches the guard zones around it.
  std::optional<MemoryKind> classify(const void* pointer, std::size_t bytes) const;

  /// The address, and where it is seen from the nearest allocation or, where that lies nearer and near at all, from
  /// the shared memory of a block.
  std::string place_text(const void* address, const std::vector<SharedRange>& shared = {}) const;

  /// A description of the first damaged guard zone, if any, and its repair.
  std::optional<std::string> find_damage();

  std::size_t device_bytes() const;

 private:
  struct Allocation {
    std::size_t bytes;
    MemoryKind kind;
  };
  using Allocations = std::map<std::uintptr_t, Allocation>;
  static std::optional<std::string> inspect(Allocations::const_iterator allocation);

  mutable std::mutex mutex_;
  Allocations allocations_;
  std::size_t device_bytes_ = 0;
};

MemoryRegistry& memory();

/// Memory of this machine that the process may use, bytes.
std::size_t physical_memory();

}  // namespace simt
