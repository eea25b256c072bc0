#include "files/cache_folder.h"

#include <cstdlib>
#include <system_error>

#include "files/folders.h"

namespace duel {

std::optional<std::filesystem::path> cache_folder() {
  const auto folder = [](const char* variable) {
    const char* value = std::getenv(variable);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  // The XDG specification says that a relative path counts as unset.
  if (const auto cache = folder("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "duel";
  if (const auto home = folder("HOME"); home.is_absolute()) return home / ".cache" / "duel";
  return std::nullopt;
}

void make_cache_folder(const std::filesystem::path& folder) {
  try {
    make_folders(folder);
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(),
                            "the folder " + folder.string() +
                                " of the cache cannot be made; set XDG_CACHE_HOME to a folder that can be written");
  }
}

}  // namespace duel
