// The CPU device: queues of work per stream, and the dispatcher thread that works them off.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "kernels/simt/checked/order.h"
#include "kernels/simt/pool.h"
#include "kernels/simt/runtime_api.h"
#include "kernels/simt/simt.h"
#include "kernels/simt/time_limit.h"

namespace simt {

struct Graph;

inline constexpr int kMaxWorkers = 1024;  ///< threads that run blocks

/// A position in a stream's queue: reached when that many pieces of work are done.
struct Position {
  std::shared_ptr<CUstream_st> stream;
  std::uint64_t count = 0;
  Clock clock = {};  ///< checked builds: what happens before it
};

/// A graph under construction by stream capture.
struct Capture {
  std::shared_ptr<Graph> graph;
  cudaStream_t origin = nullptr;
  bool relaxed = false;
  bool invalid = false;
  bool ended = false;
};

using Action = std::function<Fault()>;

}  // namespace simt

struct CUstream_st {
  struct Work {
    simt::Action action;
    std::vector<simt::Position> after;  ///< in other streams
    std::uint32_t item;                 ///< checked builds: its number
  };
  bool blocking = true;  ///< orders itself with the legacy default stream
  std::deque<Work> queue;
  std::uint64_t enqueued = 0, completed = 0;
  bool busy = false;

  simt::StreamOrder order;

  std::shared_ptr<simt::Capture> capture;
  std::vector<std::size_t> frontier;  ///< while capturing: the nodes that the next one depends on
};

struct CUevent_st {
  bool timing = true;
  simt::Position position;                 ///< of the last record
  double milliseconds = 0;                 ///< when that record was reached
  std::shared_ptr<simt::Capture> capture;  ///< recorded in a captured stream
  std::vector<std::size_t> captured_frontier;
};

namespace simt {

class Device {
 public:
  static Device& instance();

  // Every function of the runtime API that touches streams runs under this lock.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  std::shared_ptr<CUstream_st> find_stream(cudaStream_t handle);  ///< nullptr for an unknown handle
  std::shared_ptr<CUevent_st> find_event(cudaEvent_t handle);
  std::shared_ptr<CUstream_st> add_stream(bool blocking);
  std::shared_ptr<CUevent_st> add_event(bool timing);
  bool remove_stream(cudaStream_t handle);
  bool remove_event(cudaEvent_t handle);

  /// `after`: what the action waits for, besides the earlier work of its stream. `nodes`: of a graph.
  void enqueue(const std::shared_ptr<CUstream_st>& stream, Action action, std::vector<Position> after = {},
               std::shared_ptr<const NodeOrder> nodes = nullptr);
  bool reached(const Position& position) const;
  /// Where the stream's work given so far ends.
  static Position end_of(const std::shared_ptr<CUstream_st>& stream) {
    return {stream, stream->enqueued, stream->order.clock};
  }
  void wait_for(std::unique_lock<std::mutex>& lock, const Position& position);
  bool ask_for(const Position& position) const;  ///< whether it is reached, for a host that relies on the answer
  void wait_for_all(std::unique_lock<std::mutex>& lock);
  void leave_capture(const std::shared_ptr<Capture>& capture);  ///< for every stream that took part
  int active_captures = 0;                                      ///< of a mode that forbids unsafe calls

  Fault run_kernel(const KernelCall& call);  ///< on the dispatcher thread
  /// Order of `count` independent things under the schedule in force.
  std::vector<std::size_t> scheduled_order(std::size_t count);

  bool in_forward_order() const { return options_.schedule == Schedule::forward; }

  /// Whether kernels count as compiled with the instruction that waits for the kernel before (Options::architecture).
  bool can_await_previous() const { return options_.architecture >= 90; }

  Options options() const;
  void set_options(const Options& options);

  // Errors: the sticky one, and the last one of each host thread.
  void set_fault(Fault fault);
  Fault fault() const;
  void clear_fault();

 private:
  Device();
  ~Device();
  Fault start_workers(int count);  ///< for the pool, unless it has as many
  void dispatch();
  std::shared_ptr<CUstream_st> next_stream();
  bool ready(const CUstream_st& stream) const;
  bool idle() const;

  mutable std::mutex mutex_;
  std::condition_variable work_, progress_;
  std::vector<std::shared_ptr<CUstream_st>> streams_;  // [0] is the legacy default stream
  std::vector<std::shared_ptr<CUstream_st>> closing_;  // destroyed by the user, with work left
  std::vector<std::shared_ptr<CUevent_st>> events_;
  bool stop_ = false;

  mutable std::mutex fault_mutex_;
  Fault fault_;

  Options options_;
  std::uint64_t launches_ = 0;
  std::uint64_t random_ = 1;
  Pool pool_;
  TimeLimit time_limit_{pool_};
  std::thread dispatcher_;
};

/// What API functions return: remembers `error` as the thread's last one; a sticky error takes precedence.
cudaError_t finish(cudaError_t error);

struct AtomicCounters {
  std::atomic<std::uint64_t> calls{0}, kernels{0}, graph_launches{0}, synchronizations{0}, allocations{0},
      host_copies{0};
};
AtomicCounters& atomic_counters();

}  // namespace simt
