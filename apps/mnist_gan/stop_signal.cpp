#include "apps/mnist_gan/stop_signal.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace duel::app {
namespace {

// The handler may run on any thread.
std::atomic<int> first_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free);
struct sigaction previous_interrupt, previous_terminate;

void remember_or_quit(int signal) {
  if (first_signal.exchange(signal) != 0) _exit(128 + signal);
}

}  // namespace

StopSignal::StopSignal() {
  first_signal = 0;
  struct sigaction action = {};
  action.sa_handler = remember_or_quit;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &previous_interrupt);
  sigaction(SIGTERM, &action, &previous_terminate);
}

StopSignal::~StopSignal() {
  sigaction(SIGINT, &previous_interrupt, nullptr);
  sigaction(SIGTERM, &previous_terminate, nullptr);
}

int StopSignal::received() const {
  return first_signal;
}

}  // namespace duel::app
