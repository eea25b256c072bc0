// Kernel files, and a cache of their own for the libraries.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "kernels/external/external_kernels.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/content.h"
#include "tests/support/text.h"

namespace duel::test {

class KernelFiles {
 public:
  KernelFiles() { REQUIRE(setenv("XDG_CACHE_HOME", path("cache").c_str(), 1) == 0); }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

  std::ostringstream messages;

 private:
  TemporaryFolder folder_;
};

}  // namespace duel::test
