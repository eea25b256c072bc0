// Stops kernels that never end: a thread of its own looks whether blocks do.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace simt {

class Pool;

class TimeLimit {
 public:
  explicit TimeLimit(Pool& pool) : pool_(pool) {}
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  /// Begins to look. Throws std::system_error where no thread can be started.
  void start();
  /// From now on a kernel none of whose blocks ends for so long is stopped; 0: none is.
  void set(double seconds);

 private:
  void watch();
  double limit() const;  ///< in force

  Pool& pool_;
  std::mutex mutex_;
  std::condition_variable changed_;
  double seconds_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

/// Whether stop_long_kernels() is in force.
bool are_long_kernels_stopped();

}  // namespace simt
