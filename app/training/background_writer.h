// Writes files beside the training, so that a slow disk does not hold it up.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace duel::app {

/// Runs jobs one after another on a thread of its own.
class BackgroundWriter {
 public:
  BackgroundWriter();
  ~BackgroundWriter();  ///< runs the jobs that are left
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  /// Appends a job; waits while many are left, so that a slow disk cannot fill the memory. Throws what an earlier job
  /// threw; after the first failure jobs are dropped.
  void submit(std::function<void()> job);
  /// Waits for all jobs. Throws what one of them threw.
  void finish();
  /// Whether a job has failed and nobody has been told.
  bool has_failed();
  /// Throws what a job threw.
  void rethrow();

 private:
  void work();
  void throw_failure();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  ///< the first one is running
  std::exception_ptr failure_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace duel::app
