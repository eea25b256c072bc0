// What must happen in a process of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "tests/support/catch.h"

namespace duel::test {

/// Runs `body` in a child process; the exit code is what it returns, or 128 + the signal that ended it.
template <class Body>
int exit_code_of_child(const Body& body) {
  std::cout.flush();  // what waits there is not the child's to write
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(body());
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// The number of a process that has ended.
inline std::string dead_process() {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(0);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  return std::to_string(child);
}

}  // namespace duel::test
