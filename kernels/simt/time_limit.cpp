#include "kernels/simt/time_limit.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "kernels/simt/pool.h"
#include "kernels/simt/simt.h"

namespace simt {
namespace {

constexpr double kPatience = 10;       // seconds for a kernel to be where it can be left
constexpr double kLongestStep = 0.25;  // between two looks, seconds
constexpr double kLongWhenAsked = 1;   // stop_long_kernels()

std::atomic<bool> g_stop_long = false;
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TimeLimit::start() {
  thread_ = std::thread([this] { watch(); });
}

void TimeLimit::set(double seconds) {
  {
    const std::lock_guard lock(mutex_);
    seconds_ = seconds;
  }
  changed_.notify_all();
}

double TimeLimit::limit() const {
  if (!g_stop_long) return seconds_;
  return seconds_ == 0 ? kLongWhenAsked : std::min(seconds_, kLongWhenAsked);
}

// Counts looks, not the time between them: a process that was stopped for a while must not find its kernels late.
void TimeLimit::watch() {
  std::unique_lock lock(mutex_);
  Pool::Progress seen;
  double waited = 0;
  while (!stop_) {
    const double seconds = limit();
    const double step = seconds == 0 ? kLongestStep : std::clamp(seconds / 20, 0.001, kLongestStep);
    if (changed_.wait_for(lock, std::chrono::duration<double>(step)) == std::cv_status::no_timeout) continue;
    const Pool::Progress now = pool_.progress();
    waited = now.is_running && now == seen ? waited + step : 0;
    seen = now;
    if (seconds == 0 || waited < seconds) continue;
    pool_.give_up(now);
    if (waited < seconds + kPatience) continue;
    std::fputs("CPU device: a kernel ran into the time limit and cannot be left where it stands; the program ends.\n",
               stderr);
    std::abort();
  }
}

void stop_long_kernels(bool stop) noexcept {
  g_stop_long = stop;
}

bool are_long_kernels_stopped() {
  return g_stop_long;
}

}  // namespace simt
