#include "kernels/simt/checked/order.h"

#include <algorithm>

#include "kernels/simt/kernel_name.h"

namespace simt {
namespace {

void join(Clock& into, const Clock& other) {
  if (into.size() < other.size()) into.resize(other.size());
  for (std::size_t i = 0; i < other.size(); ++i) into[i] = std::max(into[i], other[i]);
}

std::uint32_t at(const Clock& clock, int stream) {
  const auto i = static_cast<std::size_t>(stream);
  return i < clock.size() ? clock[i] : 0;
}

}  // namespace

// A number is used again once the host has seen all work of its last stream: whatever comes later is ordered after it.
void WorkOrder::open(StreamOrder& stream) {
  const std::lock_guard lock(mutex_);
  const auto free = std::find_if(closed_.begin(), closed_.end(),
                                 [&](int number) { return at(host_, number) == at(enqueued_, number); });
  if (free == closed_.end()) {
    stream.number = static_cast<int>(enqueued_.size());
    enqueued_.push_back(0);
    safe_.push_back(1);
  } else {
    stream.number = *free;
    closed_.erase(free);
  }
  stream.clock.clear();
}

void WorkOrder::close(StreamOrder& stream) {
  const std::lock_guard lock(mutex_);
  closed_.push_back(stream.number);
  join(closed_clock_, stream.clock);
}

Clock WorkOrder::closed_clock() const {
  const std::lock_guard lock(mutex_);
  return closed_clock_;
}

std::uint32_t WorkOrder::enqueue(StreamOrder& stream, const std::vector<Clock>& after,
                                 std::shared_ptr<const NodeOrder> nodes) {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<std::size_t>(stream.number);
  join(stream.clock, host_);
  for (const Clock& clock : after) join(stream.clock, clock);
  if (stream.clock.size() <= number) stream.clock.resize(number + 1);
  safe_[number] = first_beyond(stream.clock, std::max(safe_[number], host_safe_));
  stream.clock[number] = ++enqueued_[number];
  const auto items = nodes ? static_cast<std::uint32_t>(nodes->size()) : 1;
  works_.push_back({next_item_, items, stream.number, stream.clock, safe_[number], std::move(nodes),
                    std::vector<ItemName>(items), false});
  next_item_ += items;
  return works_.back().first;
}

// The first item, from `from` on, that does not happen before whoever has this clock.
std::uint32_t WorkOrder::first_beyond(const Clock& clock, std::uint32_t from) const {
  auto work = std::lower_bound(works_.begin(), works_.end(), from,
                               [](const Work& w, std::uint32_t item) { return w.first < item; });
  for (; work != works_.end(); ++work) {
    if (at(work->clock, work->stream) > at(clock, work->stream)) return work->first;
  }
  return next_item_;
}

void WorkOrder::finish(std::uint32_t first_item) {
  const std::lock_guard lock(mutex_);
  if (auto* work = const_cast<Work*>(find(first_item))) work->is_finished = true;
}

void WorkOrder::host_sees(const Clock& clock) {
  const std::lock_guard lock(mutex_);
  join(host_, clock);
  host_safe_ = first_beyond(host_, host_safe_);
  forget_old();
}

// Drops what happens before everything that runs or will run.
void WorkOrder::forget_old() {
  std::uint32_t needed = host_safe_;
  for (const Work& work : works_) {
    if (!work.is_finished) needed = std::min(needed, work.safe);
  }
  while (!works_.empty() && works_.front().is_finished && works_.front().first + works_.front().items <= needed) {
    works_.pop_front();
  }
}

const WorkOrder::Work* WorkOrder::find(std::uint32_t item) const {
  const auto after = std::upper_bound(works_.begin(), works_.end(), item,
                                      [](std::uint32_t i, const Work& work) { return i < work.first; });
  if (after == works_.begin()) return nullptr;
  const Work& work = *std::prev(after);
  return item < work.first + work.items ? &work : nullptr;
}

bool WorkOrder::is_ordered(std::uint32_t earlier, std::uint32_t later) const {
  if (earlier == later) return true;
  const std::lock_guard lock(mutex_);
  const Work* a = find(earlier);
  const Work* b = find(later);
  if (!a) return true;  // forgotten: it happened before all that runs
  if (!b) return false;
  if (earlier < b->safe) return true;
  if (a == b) return (*a->nodes)[later - a->first][earlier - a->first];
  return at(a->clock, a->stream) <= at(b->clock, a->stream);
}

void WorkOrder::name(std::uint32_t item, ItemName name) {
  const std::lock_guard lock(mutex_);
  if (const Work* work = find(item)) const_cast<Work*>(work)->names[item - work->first] = name;
}

std::string WorkOrder::name_of(std::uint32_t item) const {
  const std::lock_guard lock(mutex_);
  const Work* work = find(item);
  const ItemName name = work ? work->names[item - work->first] : ItemName{};
  if (name.kernel) return "kernel " + kernel_name(name.kernel);
  return name.text ? name.text : "earlier work";
}

WorkOrder& work_order() {
  static auto* order = new WorkOrder;  // streams may be released after every static object
  return *order;
}

}  // namespace simt
