// Times what is enqueued in named ranges.
#pragma once

#include <deque>
#include <exception>
#include <string>
#include <vector>

#include "kernels/runtime/handles.h"
#include "kernels/runtime/range.h"

namespace duel {

struct RangeTime {
  std::string path;  ///< the ranges around it and its own name: "generator update / generator / forward layer 2 (...)"
  double seconds = 0;
};

/// While it lives, the calling host thread's ranges have events at both ends, on one stream. Of ranges inside each
/// other only the innermost count: what is enqueued between them is not timed. One at a time in a thread.
class RangeTimer : public RangeObserver {
 public:
  explicit RangeTimer(StreamView stream);
  ~RangeTimer();
  RangeTimer(const RangeTimer&) = delete;
  RangeTimer& operator=(const RangeTimer&) = delete;

  /// Of the innermost ranges closed so far, in their order. Waits for the stream. Throws CudaError.
  std::vector<RangeTime> times() const;

 private:
  struct Span {
    std::string path;
    Event start{EventTiming::on}, end{EventTiming::on};
  };
  void opened(const std::string& name) noexcept override;
  void closed() noexcept override;

  StreamView stream_;
  std::vector<std::string> open_;  ///< paths
  std::deque<Span> spans_;         ///< of the innermost ranges; the last one may be open
  bool last_is_open_ = false;
  std::exception_ptr error_;  ///< the first one of opened() and closed(), which cannot throw
};

}  // namespace duel
