#include "kernels/simt/checked/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace simt {
namespace {

// Addresses only: pages appear when they are touched, and read as zeros.
void* reserve(std::size_t bytes, const char* what) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(),
                            "checked device: cannot reserve " + std::to_string(bytes >> 30) + " GiB of addresses for " +
                                what + "; expected no limit on virtual memory (ulimit -v, vm.overcommit_memory)");
  }
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  return memory;
}

}  // namespace

CheckedArena::CheckedArena() {
  constexpr std::size_t kBytes = kDeviceBytes + kPinnedBytes;
  base_ = reinterpret_cast<std::uintptr_t>(reserve(kBytes, "device memory"));
  cells_ = static_cast<Cell*>(reserve(kBytes / kCellBytes * sizeof(Cell), "what is remembered of device memory"));
  owners_ = static_cast<const Allocation**>(reserve(kBytes / kPage * sizeof(void*), "the table of allocations"));
}

std::size_t CheckedArena::find_room(Region& region, std::size_t pages) const {
  for (const std::size_t start : {region.next, region.begin}) {
    std::size_t begin = start;
    auto chunk = chunks_.upper_bound(begin);
    if (chunk != chunks_.begin()) {
      const auto before = std::prev(chunk);
      begin = std::max(begin, before->first + before->second.pages);
    }
    for (; chunk != chunks_.end() && chunk->first - begin < pages; ++chunk) begin = chunk->first + chunk->second.pages;
    if (begin + pages <= region.end) {
      region.next = begin + pages;
      return begin;
    }
  }
  return region.end;
}

void* CheckedArena::allocate(std::size_t room, std::size_t bytes, std::size_t guard, MemoryKind kind) {
  const std::lock_guard lock(mutex_);
  Region& region = kind == MemoryKind::device ? device_ : pinned_;
  const std::size_t pages = (guard + room + guard + kPage - 1) / kPage;
  const std::size_t first = find_room(region, pages);
  if (first == region.end) return nullptr;
  const std::uintptr_t memory = base_ + first * kPage;
  const auto place = chunks_.emplace(first, Chunk{pages, {memory + guard, bytes, kind, false, call_stack(), {}}}).first;
  std::fill_n(owners_ + first, pages, &place->second.allocation);
  return reinterpret_cast<void*>(memory);
}

void CheckedArena::release(void* memory) {
  const std::lock_guard lock(mutex_);
  const std::size_t first = (reinterpret_cast<std::uintptr_t>(memory) - base_) / kPage;
  Chunk& chunk = chunks_.at(first);
  chunk.allocation.is_freed = true;
  chunk.allocation.freed = call_stack();
  madvise(memory, chunk.pages * kPage, MADV_DONTNEED);
  madvise(&cells_[first * kPage / kCellBytes], chunk.pages * kPage / kCellBytes * sizeof(Cell), MADV_DONTNEED);
  quarantine_.push_back(first);
  if (quarantine_.size() > kQuarantine) {
    reuse(quarantine_.front());
    quarantine_.pop_front();
  }
}

void CheckedArena::reuse(std::size_t first_page) {
  const auto chunk = chunks_.find(first_page);
  std::fill_n(owners_ + first_page, chunk->second.pages, nullptr);
  chunks_.erase(chunk);
}

std::vector<Allocation> CheckedArena::living() const {
  const std::lock_guard lock(mutex_);
  std::vector<Allocation> result;
  for (const auto& [page, chunk] : chunks_) {
    if (!chunk.allocation.is_freed) result.push_back(chunk.allocation);
  }
  return result;
}

CheckedArena& checked_arena() {
  static auto* arena = new CheckedArena;  // used by whoever frees memory last
  return *arena;
}

}  // namespace simt
