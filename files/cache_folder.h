// Where files are kept that can be made again.
#pragma once

#include <filesystem>
#include <optional>

namespace duel {

/// $XDG_CACHE_HOME/duel, else $HOME/.cache/duel; nothing where neither variable is set to an absolute path.
std::optional<std::filesystem::path> cache_folder();

}  // namespace duel
