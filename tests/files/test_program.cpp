// What all our programs do first and last.
#include "files/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <system_error>

#include "tests/files/child.h"
#include "tests/files/temporary_folder.h"

namespace duel::test {
namespace {

/// Runs a program that prints and returns `code`, with descriptor 1 on `output` ("": closed).
int run_printing(const std::string& output, int code, const std::string& messages = "/dev/null") {
  return exit_code_of_child([&] {
    close(STDOUT_FILENO);
    if (!output.empty() && open(output.c_str(), O_WRONLY | O_CREAT, 0600) != STDOUT_FILENO) return 99;
    const int error = open(messages.c_str(), O_WRONLY | O_CREAT, 0600);
    dup2(error, STDERR_FILENO);
    close(error);
    return run_program("name", [&] {
      std::cout << "text\n";
      return code;
    });
  });
}

TEST_CASE("programs: output that cannot be written is exit code 6, and said") {
  const TemporaryFolder folder;
  CHECK(run_printing("/dev/full", 0, folder / "messages") == 6);
  CHECK(get(folder / "messages") == "name: standard output cannot be written: No space left on device\n");
  CHECK(run_printing("/dev/full", 3) == 3);  // the first thing that went wrong
  CHECK(run_printing("", 0) == 6);
  CHECK(run_printing(folder / "out", 0) == 0);
  CHECK(get(folder / "out") == "text\n");
}

/// Runs `body` as a program with descriptor `number` on a pipe that nobody reads.
int run_without_reader(int number, const std::function<int()>& body) {
  return exit_code_of_child([&] {
    std::signal(SIGPIPE, SIG_DFL);
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[1], number) != number) return 99;
    close(ends[0]);
    close(ends[1]);
    return run_program("name", body);
  });
}

TEST_CASE("programs: a reader that has gone ends nothing") {
  const TemporaryFolder folder;
  const std::string much(100'000, 'x');  // more than any buffer
  const auto print_and_work = [&](std::ostream& out) {
    out << "text\n" << std::flush << much << "\n";
    put(folder / "work", "done");
    return 0;
  };
  const auto is_done = [&] { return std::filesystem::remove(folder / "work"); };
  // Standard output counts, but nobody is there to be told; standard error does not.
  const int messages = open((folder / "messages").c_str(), O_WRONLY | O_CREAT, 0600);
  CHECK(run_without_reader(STDOUT_FILENO, [&] {
          dup2(messages, STDERR_FILENO);
          return print_and_work(std::cout);
        }) == 6);
  close(messages);
  CHECK(get(folder / "messages").empty());
  CHECK(is_done());
  CHECK(run_without_reader(STDERR_FILENO, [&] { return print_and_work(std::cerr); }) == 0);
  CHECK(is_done());
}

TEST_CASE("programs: work whose results nobody could read is not begun, and that is said") {
  CHECK(run_without_reader(STDOUT_FILENO, [] {
          std::cout << "text";
          try {
            flush_standard_output();
          } catch (const std::system_error& error) {
            return error.code() == std::errc::broken_pipe ? 7 : 1;
          }
          return 2;
        }) == 7);
}

TEST_CASE("programs: started ones get signals as they were") {
  // A shell that ends itself by SIGPIPE, where that was not ignored.
  for (const bool is_ignored : {false, true}) {
    CHECK(exit_code_of_child([&] {
            std::signal(SIGPIPE, is_ignored ? SIG_IGN : SIG_DFL);
            return run_program("name", [&] {
              const int status = std::system("kill -PIPE $$; exit 5");
              return WIFEXITED(status) && WEXITSTATUS(status) == 5 ? 5 : 6;
            });
          }) == (is_ignored ? 5 : 6));
  }
}

TEST_CASE("programs: a closed standard output is no matter where nothing is printed") {
  CHECK(exit_code_of_child([] {
          close(STDOUT_FILENO);
          return run_program("name", [] { return 0; });
        }) == 0);
}

TEST_CASE("programs: output that cannot be written is known before the work") {
  CHECK(exit_code_of_child([] {
          close(STDOUT_FILENO);
          open("/dev/full", O_WRONLY);
          std::cout << "text";
          try {
            flush_standard_output();
          } catch (const std::system_error& error) {
            return error.code() == std::errc::no_space_on_device ? 0 : 1;
          }
          return 2;
        }) == 0);
}

TEST_CASE("programs: no file gets the number of a closed standard descriptor") {
  const TemporaryFolder folder;
  const int code = exit_code_of_child([&] {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(number);
    return run_program("name", [&] {
      char byte = 0;
      const int log = open((folder / "log").c_str(), O_WRONLY | O_CREAT, 0600);
      std::cerr << "a message";  // is lost
      return log > STDERR_FILENO && read(STDIN_FILENO, &byte, 1) == 0 ? 0 : 1;
    });
  });
  CHECK(code == 0);
  CHECK(get(folder / "log").empty());
}

TEST_CASE("programs: beyond the limit of file size writing fails, and the process lives") {
  const TemporaryFolder folder;
  CHECK(exit_code_of_child([&] {
          return run_program("name", [&] {
            const int file = open((folder / "x").c_str(), O_WRONLY | O_CREAT, 0600);
            const rlimit limit = {4, 4};
            if (file < 0 || setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
            if (write(file, "123456", 6) != 4) return 2;
            return write(file, "56", 2) == -1 && errno == EFBIG ? 0 : 3;
          });
        }) == 0);
}

}  // namespace
}  // namespace duel::test
