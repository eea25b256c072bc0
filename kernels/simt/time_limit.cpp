#include "kernels/simt/time_limit.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "kernels/simt/pool.h"

namespace simt {
namespace {

constexpr double kPatience = 10;  // seconds for a kernel to be where it can be left

}  // namespace

TimeLimit::TimeLimit(Pool& pool) : pool_(pool), thread_([this] { watch(); }) {}

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void TimeLimit::set(double seconds) {
  {
    const std::lock_guard lock(mutex_);
    seconds_ = seconds;
  }
  changed_.notify_all();
}

// Counts looks, not the time between them: a process that was stopped for a while must not find its kernels late.
void TimeLimit::watch() {
  std::unique_lock lock(mutex_);
  Pool::Progress seen;
  double waited = 0;
  while (!stop_) {
    if (seconds_ == 0) {
      changed_.wait(lock);
      continue;
    }
    const double step = std::clamp(seconds_ / 20, 0.001, 1.0);
    if (changed_.wait_for(lock, std::chrono::duration<double>(step)) == std::cv_status::no_timeout) continue;
    const Pool::Progress now = pool_.progress();
    waited = now.is_running && now == seen ? waited + step : 0;
    seen = now;
    if (waited < seconds_) continue;
    pool_.give_up(now);
    if (waited < seconds_ + kPatience) continue;
    std::fputs("CPU device: a kernel ran into the time limit and cannot be left where it stands; the program ends.\n",
               stderr);
    std::abort();
  }
}

}  // namespace simt
