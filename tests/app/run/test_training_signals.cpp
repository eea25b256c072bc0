#include "app/run/training_signals.h"
#include "apps/mnist_gan/mnist_gan.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <string>

#include "tests/support/catch.h"

namespace {

using duel::app::mnist_gan;
using duel::app::TrainingSignals;

/// How a process that does `work` and then ends with code 0 ends: its exit code, or 1000 + the signal that ended it.
int end_of(const std::function<void()>& work) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) std::signal(signal, SIG_DFL);
    work();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

void require(bool holds, int code) {
  if (!holds) _exit(code);
}

}  // namespace

TEST_CASE("the first signal is remembered, the second one ends the process at once") {
  const int first = GENERATE(SIGINT, SIGTERM, SIGHUP), second = GENERATE(SIGINT, SIGTERM, SIGHUP);
  CAPTURE(first, second);
  const bool is_sent_twice = first == second && first != SIGINT;  // as `timeout` and a closing terminal do
  CHECK(end_of([=] {
          TrainingSignals signals(mnist_gan());
          signals.remember_stops();
          require(signals.stop() == 0, 1);
          raise(first);
          require(signals.stop() == first, 2);
          raise(second);
          require(signals.stop() == first, 3);
        }) == (is_sent_twice ? 0 : 128 + second));
}

TEST_CASE("whoever asks to stop is told at once what happens, once") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  CHECK(end_of([=] {
          require(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO, 1);
          TrainingSignals signals(mnist_gan());
          signals.remember_stops();
          errno = EDOM;
          raise(signal);
          require(errno == EDOM, 2);
          raise(SIGUSR1);
          raise(signal == SIGTERM ? SIGINT : SIGTERM);
        }) > 128);
  close(ends[1]);
  std::string text(1000, ' ');
  const ssize_t length = read(ends[0], text.data(), text.size());
  close(ends[0]);
  REQUIRE(length > 0);
  text.resize(static_cast<std::size_t>(length));
  CHECK(text == "\nmnist_gan: finishing the running iterations, then saving; a second signal ends without saving\n");
}

TEST_CASE("before there is anything to save a signal ends the process at once") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  CHECK(end_of([=] {
          const TrainingSignals signals(mnist_gan());
          raise(signal);
        }) == 1000 + signal);
}

TEST_CASE("a signal that the parent ignores stays ignored") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP, SIGUSR1);
  CHECK(end_of([=] {
          std::signal(signal, SIG_IGN);
          TrainingSignals signals(mnist_gan());
          signals.remember_stops();
          raise(signal);
          raise(signal);
          require(signals.stop() == 0 && !signals.take_save_request(), 1);
        }) == 0);
}

TEST_CASE("SIGUSR1 asks to save, once for each time") {
  CHECK(end_of([] {
          TrainingSignals signals(mnist_gan());
          require(!signals.take_save_request(), 1);
          raise(SIGUSR1);
          require(signals.stop() == 0, 2);
          require(signals.take_save_request(), 3);
          require(!signals.take_save_request(), 4);
          raise(SIGUSR1);
          require(signals.take_save_request(), 5);
        }) == 0);
}

TEST_CASE("afterwards signals mean what they meant before") {
  CHECK(end_of([] {
          {
            TrainingSignals signals(mnist_gan());
            signals.remember_stops();
          }
          raise(SIGUSR1);
        }) == 1000 + SIGUSR1);
}
