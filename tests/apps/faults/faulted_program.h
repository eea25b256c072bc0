// Programs of this build, run while their operations on files fail (tests/files/faults).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duel::test {

struct FileOperation {
  int number = 0;  ///< from 1
  std::string name, path;
};

struct ProgramEnd {
  int exit_code = -1;     ///< -1 where a signal ended it
  int signal = 0;         ///< 0 where none did
  bool was_late = false;  ///< it was killed after half a minute
  std::string out, error;
  std::vector<FileOperation> operations;  ///< without faults all of them, else those that failed
};

/// Runs `command` in `folder`, which also is its home and cache. `faults` as preload.cpp has them, without the trace;
/// "" lets all operations succeed and lists them.
ProgramEnd run_with_faults(const std::filesystem::path& folder, const std::vector<std::string>& command,
                           const std::string& faults);

}  // namespace duel::test
