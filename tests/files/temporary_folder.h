// A folder for the files of a test, and their contents.
#pragma once

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"

namespace duel::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "duel-files-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::set<std::string> names() const {
    std::set<std::string> result;
    for (const auto& item : std::filesystem::directory_iterator(path_)) result.insert(item.path().filename().string());
    return result;
  }

  /// Writes a file, with the folders on its way.
  std::filesystem::path write(const std::filesystem::path& name, std::string_view bytes) const;
  std::filesystem::path write(const std::filesystem::path& name, const std::vector<std::uint8_t>& bytes) const {
    return write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

inline void put(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << bytes;
  stream.close();
  REQUIRE(stream.good());
}

inline std::string get(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::filesystem::path TemporaryFolder::write(const std::filesystem::path& name, std::string_view bytes) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  put(path_ / name, bytes);
  return path_ / name;
}

inline std::string TemporaryFolder::read(const std::string& name) const {
  return get(path_ / name);
}

}  // namespace duel::test
