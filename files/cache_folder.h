// Where files are kept that can be made again.
#pragma once

#include <filesystem>
#include <optional>

namespace duel {

/// $XDG_CACHE_HOME/duel, else $HOME/.cache/duel; nothing where neither variable is set to an absolute path.
std::optional<std::filesystem::path> cache_folder();

/// Makes a folder of the cache and what is missing above it. Throws std::system_error that names the folder and what to
/// do.
void make_cache_folder(const std::filesystem::path& folder);

}  // namespace duel
