// Files that are read whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace duel {

/// All bytes of a regular file; nothing where it cannot be read or is none: opening a pipe would wait for its writer.
std::optional<std::string> read_regular_file(const std::filesystem::path& file);

}  // namespace duel
