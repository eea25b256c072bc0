// Compiled libraries of earlier runs, kept in the cache folder.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace duel {

/// The library's file name: it depends on `key` (what is known before compiling) and on the contents of what the
/// compiler read. Empty where an input is gone.
std::string library_name(const std::string& key, const std::vector<std::filesystem::path>& inputs);

/// As compiler caches do it: under a key lies the list of files that the compiler read last time; with their contents
/// it gives the name of the library. Whatever is wrong with this cache costs a compilation and is said in `messages`.
class LibraryCache {
 public:
  explicit LibraryCache(std::ostream& messages);

  /// The whole library for the key and its inputs as they are now; nothing where it is not there.
  std::optional<std::filesystem::path> find(const std::string& key) const;
  /// Keeps a library under its name; nothing where that cannot be done.
  std::optional<std::filesystem::path> keep(const std::string& key, const std::vector<std::filesystem::path>& inputs,
                                            const std::string& bytes) const;

 private:
  std::filesystem::path inputs_file(const std::string& key) const;

  std::ostream& messages_;
  std::filesystem::path folder_;  ///< empty: none can be had
};

}  // namespace duel
