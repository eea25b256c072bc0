// Named ranges around what the host enqueues, for profilers and fault reports.
#pragma once

#include <string>

namespace duel {

/// Told of the ranges that one host thread opens and closes, so that times can be taken at their ends. Both functions
/// run between what is enqueued before and after; closed() runs in destructors, so neither may throw.
class RangeObserver {
 public:
  virtual void opened(const std::string& name) noexcept = 0;
  virtual void closed() noexcept = 0;  ///< the innermost one

 protected:
  ~RangeObserver() = default;
};

/// From now on the calling host thread's ranges are told to `observer`; nullptr: to nobody, as at first. It must not
/// change while ranges are open that it has been told of.
void observe_ranges(RangeObserver* observer);

/// While it lives, what the calling host thread enqueues lies in a range of that name, inside those already open. On a
/// GPU these are NVTX push/pop ranges of the domain "duel", which Nsight shows and filters by; without a profiler they
/// do nothing. On the CPU device simt::range_path() has them, and the report of a fault names those of its launch.
/// The profilers' filters give a meaning to the characters / [ ] + * @ and comma: keep them out of names.
class Range {
 public:
  explicit Range(const std::string& name);
  ~Range();
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;
};

}  // namespace duel
