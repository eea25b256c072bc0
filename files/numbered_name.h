// Files and folders whose names begin with a number, such as 000938.safetensors and 00007-default.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace duel {

/// `number` with leading zeros, at least so many digits.
std::string padded(std::int64_t number, int digits);
/// Six digits or more, then `ending`.
std::string numbered_name(std::int64_t number, const std::string& ending);

struct NumberedEntry {
  std::int64_t number;
  std::size_t digits;  ///< of the name, leading zeros included
  std::string rest;    ///< of the name, after the number
  std::filesystem::path path;
};

/// The entries of a folder whose names begin with a number that fits into 64 bits, ascending. Throws as entries_of().
std::vector<NumberedEntry> numbered_entries(const std::filesystem::path& folder);
/// The numbers of those whose names end with `ending` after the number.
std::vector<std::int64_t> numbers_in(const std::filesystem::path& folder, const std::string& ending);

}  // namespace duel
