#include "files/program.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "files/text.h"

namespace duel {
namespace {

constexpr int kDisk = 6;  // the exit code
constexpr const char* kNotWritten = "standard output cannot be written";

void open_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one. Output is opened for reading, so that what is printed is known to be lost.
    ::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

/// Of writing beyond the limit of file size, and to a pipe whose reader has gone.
void take_signals_as_errors() {
  struct sigaction action = {}, before = {};
  action.sa_handler = [](int) {};  // not SIG_IGN, which started programs would inherit
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGXFSZ, SIGPIPE}) {
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

/// errno of what kept text from standard output; 0: all that was printed so far has been written.
int error_of_standard_output() {
  errno = 0;
  if (std::cout.flush().good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
  const int now = errno != 0 ? errno : EIO;
  const auto* guard = dynamic_cast<const PrintableStream*>(std::cout.rdbuf());
  return guard != nullptr && guard->error() != 0 ? guard->error() : now;
}

}  // namespace

void flush_standard_output() {
  const int error = error_of_standard_output();
  if (error != 0) throw std::system_error(error, std::generic_category(), kNotWritten);
}

int run_program(const char* name, const std::function<int()>& body) {
  open_standard_descriptors();
  const PrintableStream printable_output(std::cout), printable_errors(std::cerr);
  take_signals_as_errors();
  const int code = body();
  const int error = error_of_standard_output();
  if (code != 0 || error == 0) return code;
  // A reader that has gone wants no more, not even a message: `--help | head -1`.
  if (error != EPIPE)
    std::cerr << name << ": " << kNotWritten << ": " << std::generic_category().message(error) << "\n";
  return kDisk;
}

}  // namespace duel
