#include "app/run/training_signals.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

namespace duel::app {
namespace {

constexpr std::uint32_t kSameRequest = 1000;  // ms
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
constexpr int kStops = 3;  // the first of them

// Handlers may run on any thread.
struct alignas(8) Stop {
  std::int32_t signal = 0;  // 0: none
  std::uint32_t time = 0;   // ms, modulo 2^32
};
std::atomic<Stop> first_stop;
std::atomic<bool> save_is_requested = false;
static_assert(std::atomic<Stop>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);
std::string what_happens;  // not changed while a handler may read it
struct sigaction previous_actions[std::size(kSignals)];

std::uint32_t milliseconds() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint32_t>(std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000);
}

// The running iterations may take long, for ever where a kernel hangs: whoever asked should know what happens.
void tell_what_happens() {
  const int error = errno;
  static_cast<void>(!write(STDERR_FILENO, what_happens.data(), what_happens.size()));
  errno = error;
}

void remember_or_quit(int signal) {
  const Stop now = {signal, milliseconds()};
  Stop first = {};
  if (first_stop.compare_exchange_strong(first, now)) {
    tell_what_happens();
    return;
  }
  const bool is_sent_twice = signal != SIGINT && signal == first.signal && now.time - first.time < kSameRequest;
  if (!is_sent_twice) _exit(128 + signal);
}

void request_save(int) {
  save_is_requested = true;
}

void handle(std::size_t index, void (*handler)(int)) {
  if (previous_actions[index].sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(kSignals[index], &action, nullptr);
}

}  // namespace

TrainingSignals::TrainingSignals(const TrainingProgram& program) {
  what_happens =
      "\n" + program.name + ": finishing the running iterations, then saving; a second signal ends without saving\n";
  first_stop = Stop{};
  save_is_requested = false;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], nullptr, &previous_actions[i]);
  handle(kStops, request_save);
}

TrainingSignals::~TrainingSignals() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &previous_actions[i], nullptr);
}

void TrainingSignals::remember_stops() {
  for (std::size_t i = 0; i < kStops; ++i) handle(i, remember_or_quit);
}

int TrainingSignals::stop() const {
  return first_stop.load().signal;
}

bool TrainingSignals::take_save_request() {
  return save_is_requested.exchange(false);
}

}  // namespace duel::app
