// What the checker says about an access that is wrong, and how it finds out about bounds.
#include <algorithm>

#include "kernels/simt/checked/access_text.h"
#include "kernels/simt/checked/checker.h"
#include "kernels/simt/checked/host_memory.h"

namespace simt {
namespace {

std::string bytes_text(std::size_t bytes) {
  return std::to_string(bytes) + " bytes";
}

}  // namespace

std::string verb(Touch touch) {
  return touch == Touch::read ? "read" : touch == Touch::write ? "write" : "atomic";
}

std::string access_text(const KernelAccess& access) {
  return verb(access.touch) + " of " + bytes_text(access.bytes) + " at " + describe_place(access.place);
}

std::string allocation_text(std::uintptr_t address) {
  const Allocation* a = checked_arena().owner(address);
  if (!a) return "no allocation";
  std::string where = bytes_text(address - a->begin) + " into";
  if (address < a->begin) where = bytes_text(a->begin - address) + " before";
  if (address >= a->begin + a->bytes) where = bytes_text(address - a->begin - a->bytes) + " after the end of";
  return where + " an allocation of " + bytes_text(a->bytes) + ", allocated at " + describe_caller(a->allocated);
}

bool Checker::check_global(const KernelAccess& access) {
  if (call_->overlaps_previous && !awaited_[static_cast<std::size_t>(access.thread)]) {
    return refuse(cudaErrorLaunchFailure, "too early: " + access_text(access) +
                                              " before wait_for_previous_kernel(), in a kernel that may overlap the "
                                              "one before it");
  }
  const Allocation* owner = arena_.owner(access.address);
  const std::uintptr_t offset = owner ? access.address - owner->begin : 0;
  if (owner && !owner->is_freed && offset < owner->bytes && access.bytes <= owner->bytes - offset) {
    if (owner->kind == MemoryKind::pinned) {  // what the host wrote there is not watched
      for (unsigned i = 0; i < access.bytes; ++i) arena_.cell(access.address + i).written = 0xf;
    }
    if (access.touch == Touch::atomic) order_.atomic(access.thread, access.address);
    const Finding finding = touch_cells(access, Space::global);
    return finding.problem == Problem::none || refuse(access, finding, Space::global);
  }
  if (owner && owner->is_freed) {
    return refuse(cudaErrorIllegalAddress, "use after free: " + access_text(access) + ", " +
                                               allocation_text(access.address) + ", freed at " +
                                               describe_caller(owner->freed));
  }
  // an access that begins inside is out of bounds with its last bytes
  const std::uintptr_t first = owner ? std::max(access.address, owner->begin + owner->bytes) : access.address;
  const bool is_before = owner && access.address < owner->begin;
  return refuse(cudaErrorIllegalAddress,
                "out of bounds: " + access_text(access) + ", " + allocation_text(is_before ? access.address : first));
}

bool Checker::check_shared(const KernelAccess& access) {
  if (dynamic_shared_.contains(access.address)) {
    const std::size_t end = access.address - dynamic_shared_.begin() + access.bytes;
    if (end > dynamic_bytes_) {
      const std::size_t first = std::max(access.address - dynamic_shared_.begin(), dynamic_bytes_);
      return refuse(cudaErrorIllegalAddress, "out of bounds: " + access_text(access) + ", " +
                                                 bytes_text(first - dynamic_bytes_) + " after the end of " +
                                                 bytes_text(dynamic_bytes_) + " of dynamic shared memory");
    }
  } else if (static_shared_.contains(access.address)) {
    const std::size_t offset = access.address - static_shared_.begin();
    if (!layout_.is_inside(offset, access.bytes)) {
      const std::string end = layout_.describe_end_before(offset + access.bytes - 1);
      return refuse(cudaErrorIllegalAddress, "out of bounds: " + access_text(access) + " of shared memory, " +
                                                 (end.empty() ? "" : end + ", ") + "where there is " +
                                                 layout_.describe(offset + access.bytes - 1));
    }
  }
  const Finding finding = touch_cells(access, Space::shared);
  return finding.problem == Problem::none || refuse(access, finding, Space::shared);
}

bool Checker::check_host(const KernelAccess& access, const FiberStack& stack) {
  const auto bottom = reinterpret_cast<std::uintptr_t>(stack.bottom());
  if (access.address - bottom < stack.bytes()) return true;
  const auto packed = reinterpret_cast<std::uintptr_t>(call_->packed.get());
  const bool is_argument = access.address - packed < call_->packed_bytes;
  if (access.touch == Touch::read &&
      (is_argument || is_thread_index(access.address, access.bytes) || is_of_program(access.address))) {
    return true;
  }
  return refuse(cudaErrorIllegalAddress, "the kernel accesses host memory: " + access_text(access));
}

bool Checker::refuse(cudaError_t code, std::string report) {
  fault_ = {code, std::move(report)};
  return false;
}

bool Checker::refuse(const KernelAccess& access, const Finding& finding, Space space) {
  std::string memory;
  if (space == Space::global) {
    memory = "global memory, " + allocation_text(access.address);
  } else if (static_shared_.contains(access.address)) {
    memory = "shared memory, " + layout_.describe(access.address - static_shared_.begin());
  } else if (dynamic_shared_.contains(access.address)) {
    memory = "dynamic shared memory, byte " + std::to_string(access.address - dynamic_shared_.begin());
  } else {
    memory = "shared memory of a library";
  }
  if (finding.problem == Problem::unwritten) {
    return refuse(cudaErrorLaunchFailure, "uninitialised: " + access_text(access) + " that nobody wrote; " + memory);
  }
  const bool is_other_work = finding.earlier.by.item != item_;
  const std::string what = is_other_work ? "unsynchronised use across streams: " : "data race: ";
  const std::string here =
      access.place ? access_text(access) : verb(access.touch) + " by " + work_order().name_of(item_);
  return refuse(cudaErrorLaunchFailure,
                what + here + ", unordered with the " + describe_other(finding.earlier) + "; " + memory);
}

std::string Checker::describe_other(const Record& record) const {
  const Toucher& by = record.by;
  const std::string where = record.place ? " at " + describe_place(full_place(record.place)) : "";
  if (by.item != item_) return verb(by.touch) + " by " + work_order().name_of(by.item) + where;
  const uint3 thread = index_of(by.thread, call_->block), block = index_of(static_cast<int>(by.block), call_->grid);
  const auto text = [](uint3 i) {
    return "(" + std::to_string(i.x) + "," + std::to_string(i.y) + "," + std::to_string(i.z) + ")";
  };
  return verb(by.touch) + " by block " + text(block) + ", thread " + text(thread) + where;
}

}  // namespace simt
