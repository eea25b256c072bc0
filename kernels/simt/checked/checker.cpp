#include "kernels/simt/checked/checker.h"

#include <algorithm>
#include <cstring>

#include "kernels/simt/checked/host_memory.h"

namespace simt {
namespace {

bool conflict(Touch a, Touch b) {
  return a != b || a == Touch::write;
}

// Whether everything that `old`, which happens before, could be compared with can be compared with `record` instead.
bool replaces(const Record& record, const Record& old) {
  return (record.by.bytes & old.by.bytes) == old.by.bytes &&
         (record.by.touch == Touch::write || record.by.touch == old.by.touch);
}

// How different two concurrent readers are: a later writer must meet one that it is not ordered with.
int distance(const Toucher& a, const Toucher& b) {
  if (a.item != b.item) return 3;
  if (a.block != b.block) return 2;
  return a.thread / 32 != b.thread / 32 ? 1 : 0;
}

// Whether one more reader beside readers a and b tells nothing new: whoever writes later is unordered with one of them,
// if with any.
bool is_crowd(const Toucher& a, const Toucher& b, const Toucher& reader) {
  const auto counts = [&](const Toucher& other) {
    return other.touch == Touch::read && other.item == reader.item && (other.bytes & reader.bytes) == reader.bytes;
  };
  if (!counts(a) || !counts(b)) return false;
  if (a.block != b.block) return true;
  return a.block == reader.block && a.tick == reader.tick && b.tick == reader.tick && a.thread / 32 != b.thread / 32;
}

bool same(const Toucher& a, const Toucher& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

std::uint8_t mask_of(std::uintptr_t address, unsigned bytes) {
  return static_cast<std::uint8_t>(((1u << bytes) - 1) << address % kCellBytes);
}

}  // namespace

// ---- shared memory ----

void SharedRegion::watch(std::uintptr_t begin, std::size_t bytes) {
  const std::size_t cells = (begin % kCellBytes + bytes + kCellBytes - 1) / kCellBytes;
  if (begin != begin_ || cells > cells_.size()) {
    cells_.assign(cells, {});
    block_runs_.assign(cells, 0);
  }
  begin_ = begin;
  bytes_ = bytes;
}

Cell& SharedRegion::cell(std::uintptr_t address, std::uint32_t block_run) {
  const std::size_t i = address / kCellBytes - begin_ / kCellBytes;
  if (block_runs_[i] != block_run) {
    block_runs_[i] = block_run;
    cells_[i] = {};
  }
  return cells_[i];
}

// ---- what runs ----

Checker::Checker() {
  const auto shared = static_shared_memory();
  static_shared_.watch(reinterpret_cast<std::uintptr_t>(shared.data()), shared.size());
}

void Checker::begin_work(std::uint32_t first_item) {
  first_item_ = first_item;
  begin_node(0);
}

void Checker::begin_node(std::size_t node) {
  item_ = first_item_ + static_cast<std::uint32_t>(node);
  verdicts_.fill({});
}

void Checker::begin_kernel(const KernelCall& call) {
  call_ = &call;
  work_order().name(item_, {call.function, nullptr});
  order_.begin_kernel();
  layout_.begin_kernel(call.function);
  const auto added = added_shared_variables();
  added_shared_.resize(added.size());
  for (std::size_t i = 0; i < added.size(); ++i) {
    const SharedVariables variables = added[i]();
    added_shared_[i].watch(reinterpret_cast<std::uintptr_t>(variables.begin), variables.bytes);
  }
}

void Checker::begin_block(unsigned block, const SharedMemory& shared) {
  awaited_.reset();
  ++block_run_;
  order_.begin_block(block);
  dynamic_bytes_ = shared.dynamic_bytes();
  const std::size_t with_guard = dynamic_bytes_ ? dynamic_bytes_ + SharedMemory::kGuard : 0;
  dynamic_shared_.watch(reinterpret_cast<std::uintptr_t>(shared.dynamic()), with_guard);
}

// ---- one access ----

Space Checker::space_of(std::uintptr_t address) const {
  if (arena_.contains(address)) return Space::global;
  const auto holds = [&](const SharedRegion& region) { return region.contains(address); };
  if (holds(static_shared_) || holds(dynamic_shared_)) return Space::shared;
  return std::any_of(added_shared_.begin(), added_shared_.end(), holds) ? Space::shared : Space::local;
}

bool Checker::check(const KernelAccess& access, const FiberStack& stack) {
  switch (space_of(access.address)) {
    case Space::global:
      return check_global(access);
    case Space::shared:
      return check_shared(access);
    case Space::local:
      break;
  }
  return check_host(access, stack);
}

Cell& Checker::cell(std::uintptr_t address, Space space) {
  if (space == Space::global) return arena_.cell(address);
  if (static_shared_.contains(address)) return static_shared_.cell(address, block_run_);
  if (dynamic_shared_.contains(address)) return dynamic_shared_.cell(address, block_run_);
  const auto added = std::find_if(added_shared_.begin(), added_shared_.end(),
                                  [&](const SharedRegion& region) { return region.contains(address); });
  return added->cell(address, block_run_);
}

Checker::Finding Checker::touch_cells(const KernelAccess& access, Space space) {
  Record record{{item_, order_.block(), order_.tick(), static_cast<std::uint16_t>(access.thread), 0, access.touch},
                short_place(access.place)};
  const std::uintptr_t end = access.address + access.bytes;
  for (std::uintptr_t address = access.address; address < end;) {
    const std::uintptr_t next = std::min(end, (address / kCellBytes + 1) * kCellBytes);
    record.by.bytes = mask_of(address, static_cast<unsigned>(next - address));
    const Finding finding = touch_cell(cell(address, space), record);
    if (finding.problem != Problem::none) return finding;
    address = next;
  }
  return {};
}

Checker::Finding Checker::touch_cell(Cell& cell, const Record& record) {
  const Toucher& by = record.by;
  if (by.touch != Touch::write && (cell.written & by.bytes) != by.bytes) return {Problem::unwritten, {}};
  if (by.touch != Touch::read) cell.written |= by.bytes;
  for (const Record& old : cell.records) {
    if (same(old.by, by)) return {};  // whatever is unordered with the repetition is with the first time
  }
  if (by.touch == Touch::read && is_crowd(cell.records[1].by, cell.records[2].by, by) &&
      is_ordered(cell.records[0].by, by.thread)) {
    return {};  // the usual case of tiles and broadcasts: written once, then read by many
  }
  for (Record& old : cell.records) {
    if (old.by.item == 0) continue;
    if (is_ordered(old.by, by.thread)) {
      if (replaces(record, old)) old.by.item = 0;
    } else if ((old.by.bytes & by.bytes) && conflict(old.by.touch, by.touch)) {
      return {Problem::unordered, old};
    }
  }
  remember(cell, record);
  return {};
}

void Checker::remember(Cell& cell, const Record& record) const {
  auto& records = cell.records;
  auto place = std::find_if(records.begin(), records.end(), [](const Record& r) { return r.by.item == 0; });
  if (place == records.end() && record.by.touch == Touch::write) place = records.begin();
  for (auto old = records.begin(); place == records.end() && old != records.end(); ++old) {
    // Of two alike that are kept, the one goes whose replacement makes them differ more.
    for (const Record& kept : records) {
      if (&kept != &*old && kept.by.touch == record.by.touch && old->by.touch == record.by.touch &&
          distance(kept.by, record.by) > distance(kept.by, old->by)) {
        place = old;
      }
    }
  }
  if (place != records.end()) *place = record;
}

bool Checker::is_ordered(const Toucher& by, int thread) {
  if (by.item == item_) return order_.is_ordered(by, thread);
  Verdict& verdict = verdicts_[by.item % verdicts_.size()];
  if (verdict.item != by.item) verdict = {by.item, work_order().is_ordered(by.item, item_)};
  return verdict.is_ordered;
}

// ---- copies and fills ----

bool Checker::check_range(std::uintptr_t begin, std::size_t bytes, Touch touch) {
  if (!arena_.contains(begin)) return true;
  Record record{{item_, 0, 0, 0, 0, touch}, 0};
  for (std::uintptr_t address = begin; address < begin + bytes;) {
    const std::uintptr_t next = std::min(begin + bytes, (address / kCellBytes + 1) * kCellBytes);
    record.by.bytes = mask_of(address, static_cast<unsigned>(next - address));
    Cell& cell = arena_.cell(address);
    const std::uint8_t written = cell.written;
    cell.written |= record.by.bytes;  // a copy may read what nobody wrote
    const Finding finding = touch_cell(cell, record);
    if (touch == Touch::read) cell.written = written;
    if (finding.problem != Problem::none) {
      return refuse({address, static_cast<unsigned>(next - address), touch, 0, 0}, finding, Space::global);
    }
    address = next;
  }
  return true;
}

void Checker::copy_written(std::uintptr_t to, std::uintptr_t from, std::size_t bytes) {
  if (!arena_.is_device(to) || !arena_.is_device(from)) return;
  for (std::size_t i = 0; i < bytes; ++i) {
    const bool is_written = arena_.cell(from + i).written >> (from + i) % kCellBytes & 1;
    std::uint8_t& written = arena_.cell(to + i).written;
    const auto bit = static_cast<std::uint8_t>(1 << (to + i) % kCellBytes);
    written = static_cast<std::uint8_t>(is_written ? written | bit : written & ~bit);
  }
}

Checker& checker() {
  static auto* checker = new Checker;  // for as long as anything may run
  return *checker;
}

}  // namespace simt
