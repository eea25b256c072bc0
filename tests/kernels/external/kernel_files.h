// Kernel files, and a cache of their own for the libraries.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "kernels/external/external_kernels.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace duel::test {

class KernelFiles {
 public:
  KernelFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "duel-external-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    REQUIRE(setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1) == 0);
  }
  ~KernelFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  KernelFiles(const KernelFiles&) = delete;
  KernelFiles& operator=(const KernelFiles&) = delete;

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  std::ostringstream messages;

 private:
  std::filesystem::path folder_;
};

inline std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace duel::test
