// What happens before what among pieces of work: kernels, copies and fills, each with a number, its item. Decided when
// work is enqueued, by streams, events, graphs and what the host waited for, never by the order in which it runs.
// All host threads count as one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace simt {

/// For each stream, how many of its pieces of work have happened.
using Clock = std::vector<std::uint32_t>;

/// The part of a stream that orders its work.
struct StreamOrder {
  int number = -1;  ///< of the stream in every Clock
  Clock clock;      ///< what happens before the next piece of work
};

/// For each node of a graph, which other nodes happen before it.
using NodeOrder = std::vector<std::vector<bool>>;

/// What a piece of work is, for reports.
struct ItemName {
  const void* kernel = nullptr;
  const char* text = nullptr;  ///< where it is no kernel
};

class WorkOrder {
 public:
  void open(StreamOrder& stream);
  void close(StreamOrder& stream);
  /// What the work of all closed streams amounts to.
  Clock closed_clock() const;

  /// Work that comes after the earlier work of its stream, after each of `after`, and after what the host has seen.
  /// `nodes`: of a graph; nullptr: a single item. Returns the number of its first item.
  std::uint32_t enqueue(StreamOrder& stream, const std::vector<Clock>& after, std::shared_ptr<const NodeOrder> nodes);
  /// The work of that first item has run.
  void finish(std::uint32_t first_item);
  /// The host has waited for all that `clock` counts, or asked and found it done.
  void host_sees(const Clock& clock);

  /// Whether item `earlier` happens before item `later`.
  bool is_ordered(std::uint32_t earlier, std::uint32_t later) const;
  void name(std::uint32_t item, ItemName name);
  /// "kernel k" or "a copy"; for what nobody remembers: "earlier work".
  std::string name_of(std::uint32_t item) const;

 private:
  struct Work {
    std::uint32_t first, items;
    int stream;
    Clock clock;         ///< at its begin, itself included
    std::uint32_t safe;  ///< every item below happens before
    std::shared_ptr<const NodeOrder> nodes;
    std::vector<ItemName> names;
    bool is_finished = false;
  };
  const Work* find(std::uint32_t item) const;
  void forget_old();
  std::uint32_t first_beyond(const Clock& clock, std::uint32_t from) const;

  mutable std::mutex mutex_;
  std::deque<Work> works_;  // by item
  std::uint32_t next_item_ = 1;
  Clock host_;
  std::uint32_t host_safe_ = 1;
  Clock closed_clock_;
  std::vector<int> closed_;          // numbers of streams that are gone
  Clock enqueued_;                   // by stream
  std::vector<std::uint32_t> safe_;  // of the last work, by stream
};

WorkOrder& work_order();

}  // namespace simt
