// Keeps a stream from starting what is enqueued, so that a batch of launches runs without waiting for the host.
#pragma once

#include <future>

#include "kernels/runtime/handles.h"

namespace duel {

class StreamHold {
 public:
  /// The stream waits in a host function until release(), and at most ten seconds: a queue that is full would wait for
  /// ever.
  explicit StreamHold(StreamView stream);
  /// Releases, and waits for the stream.
  ~StreamHold();
  StreamHold(const StreamHold&) = delete;
  StreamHold& operator=(const StreamHold&) = delete;

  void release();
  /// After the stream was waited for: the hold ended by itself, so launches may have waited for the host.
  bool has_expired() const { return has_expired_; }

 private:
  static void wait_for_release(void* self);

  StreamView stream_;
  std::promise<void> released_;
  std::future<void> release_ = released_.get_future();
  bool is_released_ = false, has_expired_ = false;
};

}  // namespace duel
