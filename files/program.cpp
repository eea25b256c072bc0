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

void open_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one. Output is opened for reading, so that what is printed is known to be lost.
    ::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void take_file_size_limit_as_error() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};  // not SIG_IGN, which started programs would inherit
  action.sa_flags = SA_RESTART;
  sigaction(SIGXFSZ, &action, nullptr);
}

}  // namespace

void flush_standard_output() {
  errno = 0;
  const bool is_written = std::cout.flush().good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (is_written) return;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), "standard output cannot be written");
}

int run_program(const char* name, const std::function<int()>& body) {
  open_standard_descriptors();
  const PrintableStream printable_output(std::cout), printable_errors(std::cerr);
  take_file_size_limit_as_error();
  const int code = body();
  try {
    flush_standard_output();
  } catch (const std::system_error& error) {
    if (code != 0) return code;
    std::cerr << name << ": " << error.what() << "\n";
    return kDisk;
  }
  return code;
}

}  // namespace duel
