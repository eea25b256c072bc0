#include "app/training/background_writer.h"

#include <utility>

#include "kernels/runtime/thread.h"

namespace duel::app {
namespace {

constexpr std::size_t kMostJobs = 16;

}  // namespace

BackgroundWriter::BackgroundWriter() : thread_(start_thread([this] { work(); })) {}

BackgroundWriter::~BackgroundWriter() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackgroundWriter::submit(std::function<void()> job) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return jobs_.size() < kMostJobs; });
  throw_failure();
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

void BackgroundWriter::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return jobs_.empty(); });
  throw_failure();
}

bool BackgroundWriter::has_failed() {
  const std::lock_guard lock(mutex_);
  return failure_ != nullptr;
}

void BackgroundWriter::rethrow() {
  const std::lock_guard lock(mutex_);
  throw_failure();
}

void BackgroundWriter::throw_failure() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void BackgroundWriter::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !jobs_.empty() || is_ending_; });
    if (jobs_.empty()) return;
    const std::function<void()> job = std::move(jobs_.front());
    const bool is_dropped = failure_ != nullptr;
    lock.unlock();
    std::exception_ptr failure;
    try {
      if (!is_dropped) job();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) failure_ = failure;
    jobs_.pop_front();
    changed_.notify_all();
  }
}

}  // namespace duel::app
