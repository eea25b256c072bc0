// Which errors operations on files can meet.
#pragma once

#include <cerrno>
#include <string>
#include <vector>

#include "tests/apps/faults/faulted_program.h"

namespace duel::test {

/// A fault of one operation: what preload.cpp is told, and the reason that the program is to give.
struct FileFault {
  std::string text;
  int error = 0;
};

inline std::vector<FileFault> faults_of(const FileOperation& operation) {
  const auto is_one_of = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (operation.name == name) return true;
    }
    return false;
  };
  std::vector<int> errors = {EIO};
  if (is_one_of({"open", "open64", "openat", "openat64", "fopen", "fopen64", "opendir"})) errors = {EMFILE, EIO, EROFS};
  if (is_one_of({"write", "writev", "pwrite", "fwrite", "fflush"})) errors = {ENOSPC, EDQUOT, EIO};
  if (is_one_of({"fsync", "fdatasync", "close", "fclose", "mkdir", "symlink", "link", "rename", "ftruncate"})) {
    errors = {ENOSPC, EDQUOT, EIO};
  }
  if (is_one_of({"mkdir", "symlink", "link", "rename", "remove", "unlink", "unlinkat", "rmdir"}))
    errors.push_back(EROFS);
  if (is_one_of({"stat", "stat64", "lstat", "fstat", "fstat64", "readlink"})) errors = {EIO, EACCES};
  std::vector<FileFault> faults;
  for (const int error : errors) {
    const std::string text = "operation=" + std::to_string(operation.number) + " error=" + std::to_string(error);
    faults.push_back({text, error});
    if (error == ENOSPC) faults.push_back({text + " goes_on=1", error});
  }
  return faults;
}

}  // namespace duel::test
