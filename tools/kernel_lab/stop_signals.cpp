#include "tools/kernel_lab/stop_signals.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel::lab {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
std::atomic<int> g_first = 0;  // handlers may run on any thread
static_assert(std::atomic<int>::is_always_lock_free);
std::array<struct sigaction, kSignals.size()> g_before;

void remember(int signal) {
  int none = 0;
  if (!g_first.compare_exchange_strong(none, signal)) _exit(128 + signal);
#ifdef DUEL_CPU_DEVICE
  simt::stop_long_kernels(true);
#endif
}

}  // namespace

StopSignals::StopSignals() {
  g_first = 0;
  struct sigaction action = {};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &g_before[i]);
    if (g_before[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &g_before[i], nullptr);
#ifdef DUEL_CPU_DEVICE
  simt::stop_long_kernels(false);
#endif
}

int StopSignals::signal() const {
  return g_first;
}

}  // namespace duel::lab
