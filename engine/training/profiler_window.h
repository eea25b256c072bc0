// The iterations that a profiler looks at.
#pragma once

#include <cstdint>

#include "kernels/runtime/handles.h"

namespace duel {

/// Starts the profiler before the first iteration of a window and stops it after the last, each time when the stream
/// has nothing left to do. Without a profiler that waits for this, start and stop do nothing.
class ProfilerWindow {
 public:
  ProfilerWindow() = default;
  ~ProfilerWindow();  ///< stops the profiler where the window is open
  ProfilerWindow(const ProfilerWindow&) = delete;
  ProfilerWindow& operator=(const ProfilerWindow&) = delete;

  /// The window is iterations begin to end - 1; one that is open is closed. Throws std::invalid_argument unless
  /// 0 <= begin < end.
  void set(std::int64_t begin, std::int64_t end, StreamView stream);

  /// Whether one of iterations begin to end - 1 lies in the window, or the window is still open.
  bool touches(std::int64_t begin, std::int64_t end) const { return is_open_ || (begin < end_ && end > begin_); }

  /// Before an iteration is enqueued: true where it lies in the window, which is open from now on.
  bool enter(std::int64_t iteration, StreamView stream);
  /// After an iteration was enqueued: closes the window if that was its last.
  void leave(std::int64_t iteration, StreamView stream);

 private:
  bool contains(std::int64_t iteration) const { return iteration >= begin_ && iteration < end_; }
  void close(StreamView stream);

  std::int64_t begin_ = 0, end_ = 0;  // empty
  bool is_open_ = false;
};

}  // namespace duel
