// Files that are named by iterations, such as 000938.safetensors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace duel::app {

/// `number` with leading zeros, at least so many digits.
std::string padded(std::int64_t number, int digits);
/// Six digits or more, then `ending`.
std::string numbered_name(std::int64_t number, const std::string& ending);
/// The numbers of the files in `folder` whose names are digits and then `ending`, ascending. Throws std::system_error.
std::vector<std::int64_t> numbers_in(const std::filesystem::path& folder, const std::string& ending);

}  // namespace duel::app
