// Named ranges that a host thread opens around what it enqueues; on a GPU NVTX has them. A launch remembers the range
// that it was made in, also when a graph replays it, so that a fault report can name it.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace simt {

/// A range of one host thread. Only that thread changes `launches`.
struct RangeNode {
  std::string name;
  std::shared_ptr<const RangeNode> parent;  ///< the range around it; nullptr: none
  int launches = 0;                         ///< kernels launched or captured in it and in no range inside it
};

/// Opens a range of the calling host thread, inside those that are open.
void push_range(const std::string& name);
/// Closes the innermost one; nothing where none is open.
void pop_range();

/// The open ranges of the calling host thread, outermost first: "iteration 3 / generator / forward layer 2"; "" for
/// none.
std::string range_path();
/// The same for a range that may be closed; "" for nullptr.
std::string path_of(const RangeNode* range);

/// For a launch by the calling host thread: counts it in the innermost open range and returns that, nullptr for none.
std::shared_ptr<const RangeNode> range_of_launch();

/// Remembers the ranges that the calling host thread opens while this object lives. One at a time in a thread.
class RangeRecorder {
 public:
  RangeRecorder();
  ~RangeRecorder();
  RangeRecorder(const RangeRecorder&) = delete;
  RangeRecorder& operator=(const RangeRecorder&) = delete;

  const std::vector<std::shared_ptr<const RangeNode>>& ranges() const { return ranges_; }  ///< in the order of opening
  int launches_outside() const { return launches_outside_; }                               ///< of all ranges

 private:
  friend void push_range(const std::string& name);
  friend std::shared_ptr<const RangeNode> range_of_launch();
  std::vector<std::shared_ptr<const RangeNode>> ranges_;
  int launches_outside_ = 0;
};

}  // namespace simt
