// Named ranges around what the host enqueues, for profilers and fault reports.
#pragma once

#include <string>

namespace duel {

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
