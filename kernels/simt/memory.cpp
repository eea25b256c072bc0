#include "kernels/simt/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernels/simt/checked/arena.h"
#include "kernels/simt/checked/watch.h"
#include "kernels/simt/limits.h"
#include "kernels/simt/poison.h"
#include "kernels/simt/sanitizer.h"

namespace simt {
namespace {

constexpr std::size_t kGuard = 512;  // bytes before and after each allocation; a multiple of the alignment
constexpr std::size_t kAlignment = 256;
constexpr std::uintptr_t kNullPage = 4096;
constexpr std::uintptr_t kNearShared = 64 << 20;  // farther away nobody means shared memory
constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Guard zones hold signalling NaNs: a float read there is NaN, and arithmetic that writes it back has quieted it, so
// that not even a NaN in the place of a NaN goes unnoticed.
constexpr unsigned char kGuardWord[4] = {0xa5, 0xa5, 0xa5, 0x7f};

std::size_t rounded(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

unsigned char guard_byte(const unsigned char* at) {
  return kGuardWord[reinterpret_cast<std::uintptr_t>(at) % sizeof kGuardWord];
}

void set_guard(unsigned char* guard, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) guard[i] = guard_byte(guard + i);
}

// Memory for an allocation and its guard zones.
void* take(std::size_t bytes, MemoryKind kind) {
  if constexpr (kChecked) return checked_arena().allocate(rounded(bytes), bytes, kGuard, kind);
  const std::size_t all = kGuard + rounded(bytes) + kGuard;
  if (all < kHugePage) return std::aligned_alloc(kAlignment, all);
  // A tile of a matrix touches a page in every row: with pages of 4 KiB that is more than the processor keeps track of.
  void* memory = std::aligned_alloc(kHugePage, (all + kHugePage - 1) / kHugePage * kHugePage);
#ifdef MADV_HUGEPAGE
  if (memory) madvise(memory, all, MADV_HUGEPAGE);  // a wish: without it everything works, only slower
#endif
  return memory;
}
void give_back(void* memory) {
  if constexpr (kChecked) {
    checked_arena().release(memory);
  } else {
    std::free(memory);
  }
}

// Position of the first byte that is not the guard's, or `bytes`.
[[maybe_unused]] std::size_t first_change(const unsigned char* guard, std::size_t bytes) {
  std::size_t i = 0;
  while (i < bytes && guard[i] == guard_byte(guard + i)) ++i;
  return i;
}

}  // namespace

void* MemoryRegistry::allocate(std::size_t bytes, MemoryKind kind) {
  const std::lock_guard lock(mutex_);
  if (bytes > physical_memory() - (kind == MemoryKind::device ? device_bytes_ : 0)) return nullptr;
  const watch::Trusted trusted;
  auto* memory = static_cast<unsigned char*>(take(bytes, kind));
  if (!memory) return nullptr;
  unsigned char* begin = memory + kGuard;
  std::memset(begin, kPoison, bytes);
  set_guard(memory, kGuard);
  set_guard(begin + bytes, rounded(bytes) - bytes + kGuard);
  ASAN_POISON_MEMORY_REGION(memory, kGuard);
  ASAN_POISON_MEMORY_REGION(begin + bytes, rounded(bytes) - bytes + kGuard);
  allocations_[reinterpret_cast<std::uintptr_t>(begin)] = {bytes, kind};
  if (kind == MemoryKind::device) device_bytes_ += bytes;
  return begin;
}

bool MemoryRegistry::release(void* pointer, MemoryKind kind, std::optional<std::string>& damage) {
  const std::lock_guard lock(mutex_);
  const auto found = allocations_.find(reinterpret_cast<std::uintptr_t>(pointer));
  if (found == allocations_.end() || found->second.kind != kind) return false;
  damage = inspect(found);
  if (kind == MemoryKind::device) device_bytes_ -= found->second.bytes;
  unsigned char* memory = static_cast<unsigned char*>(pointer) - kGuard;
  ASAN_UNPOISON_MEMORY_REGION(memory, kGuard + rounded(found->second.bytes) + kGuard);
  allocations_.erase(found);
  give_back(memory);
  return true;
}

std::optional<MemoryKind> MemoryRegistry::classify(const void* pointer, std::size_t bytes) const {
  if (!pointer) return std::nullopt;
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  const std::lock_guard lock(mutex_);
  const auto after = allocations_.upper_bound(address);
  if (after != allocations_.begin()) {
    const auto& [begin, allocation] = *std::prev(after);
    const std::uintptr_t end = begin + allocation.bytes;
    if (address < end) return bytes <= end - address ? std::optional(allocation.kind) : std::nullopt;
    if (address < end + kGuard) return std::nullopt;
  }
  if (after != allocations_.end()) {
    const std::uintptr_t guard = after->first - kGuard;
    if (address >= guard || bytes > guard - address) return std::nullopt;
  }
  return MemoryKind::host;
}

// AddressSanitizer builds catch such accesses at the instruction, and may not read the zones here.
std::optional<std::string> MemoryRegistry::inspect([[maybe_unused]] Allocations::const_iterator allocation) {
#ifndef SIMT_ASAN
  const watch::Trusted trusted;
  const std::size_t bytes = allocation->second.bytes;
  auto* begin = reinterpret_cast<unsigned char*>(allocation->first);
  const std::size_t tail = rounded(bytes) - bytes + kGuard;
  const std::size_t after = first_change(begin + bytes, tail);
  const std::size_t before = first_change(begin - kGuard, kGuard);
  set_guard(begin + bytes, tail);
  set_guard(begin - kGuard, kGuard);
  const std::string size = " an allocation of " + std::to_string(bytes) + " bytes";
  if (after < tail) return "out-of-bounds write " + std::to_string(after) + " bytes after the end of" + size;
  if (before < kGuard) return "out-of-bounds write " + std::to_string(kGuard - before) + " bytes before" + size;
#endif
  return std::nullopt;
}

// How far an address is from a range: 0 inside.
static std::uintptr_t distance(std::uintptr_t address, std::uintptr_t begin, std::size_t bytes) {
  if (address < begin) return begin - address;
  return address - begin < bytes ? 0 : address - begin - bytes;
}

static std::string seen_from(std::uintptr_t address, std::uintptr_t begin, std::size_t bytes,
                             const std::string& range) {
  const char* where = address < begin ? "before" : "after the end of";
  std::uintptr_t far = distance(address, begin, bytes);
  if (far == 0 && bytes > 0) {
    far = address - begin;
    where = "into";
  }
  return ", " + std::to_string(far) + " bytes " + where + " " + range + " of " + std::to_string(bytes) + " bytes";
}

std::string MemoryRegistry::place_text(const void* pointer, const std::vector<SharedRange>& shared) const {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  char text[32];
  std::snprintf(text, sizeof text, "address 0x%jx", static_cast<std::uintmax_t>(address));
  if (address < kNullPage) return std::string(text) + ", which is near the null pointer";
  std::string place;
  std::uintptr_t nearest = UINTPTR_MAX;
  const auto look = [&](std::uintptr_t begin, std::size_t bytes, const std::string& range) {
    const std::uintptr_t far = distance(address, begin, bytes);
    if (far >= nearest) return;
    nearest = far;
    place = seen_from(address, begin, bytes, range);
  };
  const std::lock_guard lock(mutex_);
  const auto after = allocations_.upper_bound(address);
  if (after != allocations_.begin()) look(std::prev(after)->first, std::prev(after)->second.bytes, "an allocation");
  if (after != allocations_.end()) look(after->first, after->second.bytes, "an allocation");
  nearest = std::min(nearest, kNearShared);
  for (const SharedRange& range : shared) look(reinterpret_cast<std::uintptr_t>(range.begin), range.bytes, range.name);
  return text + place;
}

std::optional<std::string> MemoryRegistry::find_damage() {
  const std::lock_guard lock(mutex_);
  for (auto allocation = allocations_.cbegin(); allocation != allocations_.cend(); ++allocation) {
    if (auto damage = inspect(allocation)) return damage;
  }
  return std::nullopt;
}

std::size_t MemoryRegistry::device_bytes() const {
  const std::lock_guard lock(mutex_);
  return device_bytes_;
}

MemoryRegistry& memory() {
  static MemoryRegistry registry;
  return registry;
}

std::size_t physical_memory() {
  static const std::size_t bytes = available_memory();
  return bytes;
}

}  // namespace simt
