// Stops kernels that never end: a thread of its own looks whether blocks do.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

namespace simt {

class Pool;

class TimeLimit {
 public:
  explicit TimeLimit(Pool& pool);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  /// From now on a kernel none of whose blocks ends for so long is stopped; 0: none is.
  void set(double seconds);

 private:
  void watch();

  Pool& pool_;
  std::mutex mutex_;
  std::condition_variable changed_;
  double seconds_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace simt
