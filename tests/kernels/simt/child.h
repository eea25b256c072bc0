// Runs a hidden test of this program in a process of its own: for what cannot happen twice in one, or ends it.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "tests/support/catch.h"

namespace simt_test {

struct Child {
  std::string output;  ///< standard output and error
  int status;          ///< as a shell has it: 128 + number after a signal
};

// Runs the hidden test with those variables of the environment ("A=1 B=2").
inline Child run_child(const std::string& test, const std::string& variables = "") {
  char path[4096] = {};
  REQUIRE(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
  const std::string command = "(" + variables + " '" + path + "' '" + test + "'; exit $?) 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe);
  std::string output;
  char part[256];
  while (std::fgets(part, sizeof part, pipe)) output += part;
  const int status = pclose(pipe);
  return {output, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

inline std::string output_of_child(const std::string& test, const std::string& variables = "") {
  return run_child(test, variables).output;
}

}  // namespace simt_test
