// Ways to run the same kernels that must give the same bits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#ifdef DUEL_CPU_DEVICE
#include <system_error>

#include "kernels/runtime/thread.h"
#include "kernels/simt/sanitizer.h"
#include "kernels/simt/simt.h"
#endif

namespace duel::verify {

enum class HowMany { some, all };

#ifdef DUEL_CPU_DEVICE

using Execution = simt::Options;

inline std::string execution_text(const Execution& execution) {
  const std::string threads = std::to_string(execution.threads) + " threads, ";
  if (execution.schedule == simt::Schedule::random) return threads + "random:" + std::to_string(execution.seed);
  return threads + (execution.schedule == simt::Schedule::forward ? "forward" : "reverse");
}

/// all: the three schedules, each on 1, 2, 3 and 8 worker threads. some: each schedule and each number of threads once.
/// Builds that watch every access, whose findings hardly depend on the order: all is the three schedules, some the
/// last.
inline std::vector<Execution> executions(HowMany how_many, std::uint64_t seed) {
  using enum simt::Schedule;
  if (simt::is_checked() || simt::kAddressSanitizer) {
    const int threads = simt::is_checked() ? 1 : 3;  // the checked device runs blocks one after another
    const bool poison = !simt::is_checked();         // it notices reads of what nobody wrote by itself
    if (how_many == HowMany::some) return {{threads, random, seed, poison, true}};
    return {{1, forward, seed, poison, true},
            {threads, reverse, seed, poison, true},
            {threads, random, seed, poison, true}};
  }
  if (how_many == HowMany::some) {
    return {{1, forward, seed, true, true},
            {2, reverse, seed, true, true},
            {3, random, seed, true, true},
            {8, random, seed + 1, true, true}};
  }
  std::vector<Execution> all;
  for (const simt::Schedule schedule : {forward, reverse, random}) {
    for (const int threads : {1, 2, 3, 8}) all.push_back({threads, schedule, seed++, true, true});
  }
  return all;
}

/// Sets the options of the CPU device while it lives, but for those that are not about orders and checks.
class UseExecution {
 public:
  explicit UseExecution(const Execution& execution) : before_(simt::options()) {
    simt::Options options = execution;
    options.block_seconds = before_.block_seconds;
    options.architecture = before_.architecture;
    try {
      simt::set_options(options);
    } catch (const std::system_error& error) {
      throw_lack_of_threads(error.what());
    }
  }
  ~UseExecution() { simt::set_options(before_); }
  UseExecution(const UseExecution&) = delete;
  UseExecution& operator=(const UseExecution&) = delete;

 private:
  simt::Options before_;
};

inline void forget_device_fault() {
  simt::clear_fault();
}

#else

struct Execution {
  int repetition;
};
inline std::string execution_text(const Execution& execution) {
  return "repetition " + std::to_string(execution.repetition);
}
/// A GPU has one schedule that a test could choose; two runs must agree all the same.
inline std::vector<Execution> executions(HowMany, std::uint64_t) {
  return {{0}, {1}};
}
class UseExecution {
 public:
  explicit UseExecution(const Execution&) {}
};
inline void forget_device_fault() {}  // needs a new process

#endif

}  // namespace duel::verify
