// Owners of the runtime's handles: streams, events, graphs. Move-only; destructors never throw.
#pragma once

#include <cuda_runtime.h>

#include <memory>
#include <utility>

#include "kernels/runtime/error.h"

namespace duel {

/// A stream that somebody else owns.
class StreamView {
 public:
  explicit StreamView(cudaStream_t handle) : handle_(handle) {}
  cudaStream_t get() const { return handle_; }
  /// Waits for all work given to the stream so far. Throws CudaError, also for errors of that work.
  void synchronize(SourcePlace place = SourcePlace::current()) const { check(cudaStreamSynchronize(handle_), place); }

 private:
  cudaStream_t handle_;
};

namespace detail {

template <auto destroy>
struct Destroy {
  template <class Handle>
  void operator()(Handle* handle) const {
    static_cast<void>(destroy(handle));
  }
};
template <class Handle, auto destroy>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Destroy<destroy>>;

}  // namespace detail

/// A non-blocking stream: never ordered with the legacy default stream, which Duel does not use.
class Stream {
 public:
  Stream() {
    cudaStream_t handle;
    check(cudaStreamCreateWithFlags(&handle, cudaStreamNonBlocking));
    handle_.reset(handle);
  }
  operator StreamView() const { return StreamView(handle_.get()); }
  StreamView view() const { return *this; }
  void synchronize(SourcePlace place = SourcePlace::current()) const { view().synchronize(place); }

 private:
  detail::Owned<cudaStream_t, cudaStreamDestroy> handle_;
};

enum class EventTiming { off, on };

class Event {
 public:
  explicit Event(EventTiming timing = EventTiming::off) {
    cudaEvent_t handle;
    check(cudaEventCreateWithFlags(&handle, timing == EventTiming::on ? cudaEventDefault : cudaEventDisableTiming));
    handle_.reset(handle);
  }
  cudaEvent_t get() const { return handle_.get(); }
  void record(StreamView stream) { check(cudaEventRecord(handle_.get(), stream.get())); }
  /// Blocks the host until the last record has been reached.
  void synchronize() const { check(cudaEventSynchronize(handle_.get())); }

 private:
  detail::Owned<cudaEvent_t, cudaEventDestroy> handle_;
};

/// Milliseconds between two reached records of events with EventTiming::on.
inline float elapsed_milliseconds(const Event& start, const Event& end) {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, start.get(), end.get()));
  return milliseconds;
}

/// Work recorded once from a stream and launched again and again with the arguments of the recording.
class Graph {
 public:
  Graph() = default;

  /// Calls record(stream), which only enqueues kernels, copies and fills; nothing runs yet. Throws CudaError.
  template <class Record>
  static Graph capture(StreamView stream, Record&& record) {
    check(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal));
    cudaGraph_t graph = nullptr;
    try {
      record(stream);
    } catch (...) {
      static_cast<void>(cudaStreamEndCapture(stream.get(), &graph));
      if (graph) static_cast<void>(cudaGraphDestroy(graph));
      throw;
    }
    check(cudaStreamEndCapture(stream.get(), &graph));
    const detail::Owned<cudaGraph_t, cudaGraphDestroy> owned(graph);
    Graph result;
    check(cudaGraphGetNodes(graph, nullptr, &result.nodes_));
    cudaGraphExec_t executable = nullptr;
    check(cudaGraphInstantiate(&executable, graph, 0));
    result.handle_.reset(executable);
    return result;
  }

  void launch(StreamView stream) const { check(cudaGraphLaunch(handle_.get(), stream.get())); }
  std::size_t nodes() const { return nodes_; }  ///< kernels, copies and fills of one launch
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  detail::Owned<cudaGraphExec_t, cudaGraphExecDestroy> handle_;
  std::size_t nodes_ = 0;
};

}  // namespace duel
