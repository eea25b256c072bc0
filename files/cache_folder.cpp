#include "files/cache_folder.h"

#include <cstdlib>

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

}  // namespace duel
