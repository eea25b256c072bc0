// Files that are read whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace duel {

/// All bytes of a regular file; nothing where it cannot be read, is longer than `most` or is none: opening a pipe would
/// wait for its writer, and a device may never end.
std::optional<std::string> read_regular_file(const std::filesystem::path& file, std::uintmax_t most = 1u << 30);

/// Its first bytes, at most so many; nothing where read_regular_file() has nothing to read.
std::optional<std::string> beginning_of_regular_file(const std::filesystem::path& file, std::size_t most);

}  // namespace duel
