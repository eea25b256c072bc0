// What targets make of an input: text, a file, several files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "tests/fuzz/targets.h"

namespace duel::fuzz {

inline std::string as_text(Input input) {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}

/// A regular file in memory, with its size unchanged while it lives.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

/// Several files in one input: a line "== NAME" begins the file NAME, which holds the lines up to the next such line.
std::map<std::string, std::string> files_in(Input input);

/// Throws std::logic_error: a reader has not done what its header says.
[[noreturn]] void broken_promise(const std::string& what);

}  // namespace duel::fuzz
