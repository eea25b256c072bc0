// What must happen in a process of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/catch.h"

namespace duel::test {

/// Runs `body` in a child process; the exit code is what it returns, or 128 + the signal that ended it.
template <class Body>
int exit_code_of_child(const Body& body) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(body());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace duel::test
