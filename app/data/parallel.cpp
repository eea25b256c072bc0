#include "app/data/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/runtime/thread.h"

namespace duel::app {
namespace {

std::size_t processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

struct Helpers {
  std::vector<std::thread> threads;

  ~Helpers() {
    for (std::thread& thread : threads) thread.join();
  }
};

}  // namespace

void for_each_in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                          const std::function<void(std::size_t done)>& progress) {
  std::atomic<std::size_t> next = 0, done = 0;
  std::exception_ptr error;
  std::mutex mutex;
  const auto take_one = [&] {
    const std::size_t i = next++;
    if (i >= count) return false;
    try {
      work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
      next = count;
    }
    ++done;
    return true;
  };
  {
    const std::size_t wanted = threads > 0 ? static_cast<std::size_t>(threads) : processors();
    Helpers helpers;
    for (std::size_t i = 1; i < std::min(wanted, count); ++i) {
      helpers.threads.push_back(start_thread([&] {
        while (take_one()) {
        }
      }));
    }
    while (take_one()) progress(done);
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace duel::app
