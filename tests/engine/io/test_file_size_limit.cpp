#include "engine/io/file_size_limit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/support/catch.h"

TEST_CASE("beyond the limit of file size writing fails, and the process lives") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    duel::take_file_size_limit_as_error();
    std::string file = "/tmp/duel-limit-XXXXXX";
    const int descriptor = mkstemp(file.data());
    unlink(file.c_str());
    const rlimit limit = {4, 4};
    if (descriptor < 0 || setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(1);
    if (write(descriptor, "123456", 6) != 4) _exit(2);
    _exit(write(descriptor, "56", 2) == -1 && errno == EFBIG ? 0 : 3);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
