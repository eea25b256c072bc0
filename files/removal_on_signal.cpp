#include "files/removal_on_signal.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <cstdint>
#include <system_error>
#include <thread>

#include "files/descriptor.h"

namespace duel {
namespace {

sigset_t signals_that_end() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_DFL) sigaddset(&set, signal);
  }
  return set;
}

void end_by(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
}

}  // namespace

/// A thread that waits for a signal, so that what it does then may be anything.
struct RemovalOnSignal::Watch {
  sigset_t before{};
  Descriptor signals, end;
  std::thread thread;

  void wait_and_remove(const std::filesystem::path& path) const {
    pollfd waiting[] = {{signals.number(), POLLIN, 0}, {end.number(), POLLIN, 0}};
    if (without_interruption([&] { return ::poll(waiting, 2, -1); }) < 0 || waiting[0].revents == 0) return;
    signalfd_siginfo information{};
    if (::read(signals.number(), &information, sizeof information) != sizeof information) return;
    constexpr int kTries = 100;  // another thread may be writing to it
    std::error_code error;
    for (int i = 0; i < kTries && std::filesystem::exists(std::filesystem::symlink_status(path, error)); ++i) {
      std::filesystem::remove_all(path, error);
    }
    end_by(static_cast<int>(information.ssi_signo));
  }
};

RemovalOnSignal::RemovalOnSignal(std::filesystem::path path) : watch_(std::make_unique<Watch>()) {
  const sigset_t set = signals_that_end();
  pthread_sigmask(SIG_BLOCK, &set, &watch_->before);
  watch_->signals = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  watch_->end = Descriptor(::eventfd(0, EFD_CLOEXEC));
  if (!watch_->signals || !watch_->end) {  // then a signal leaves it behind, and the next process removes it
    pthread_sigmask(SIG_SETMASK, &watch_->before, nullptr);
    return;
  }
  watch_->thread = std::thread([watch = watch_.get(), path = std::move(path)] { watch->wait_and_remove(path); });
}

RemovalOnSignal::~RemovalOnSignal() {
  if (!watch_->thread.joinable()) return;
  const std::uint64_t one = 1;
  static_cast<void>(!::write(watch_->end.number(), &one, sizeof one));
  watch_->thread.join();
  pthread_sigmask(SIG_SETMASK, &watch_->before, nullptr);
}

}  // namespace duel
