// Configuration files: the part of TOML that a flat list of settings needs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duel::app {

/// One line `key = value`.
struct ConfigEntry {
  std::string key;
  std::string value;  ///< a string without its quotes, a list as "1,2,3", numbers and true/false as written
  int line = 0;       ///< counted from 1
};

/// Reads lines `key = value` with comments (#), where a value is a number, true, false, a one-line string in "double
/// quotes" (escapes \\ \" \n \t) or 'single quotes', or a list of such values, which may span lines. Anything else that
/// TOML knows (tables, dates, multi-line strings) is refused. `name` stands for the file in messages.
/// Throws UsageError with the line, what was expected and what was found.
std::vector<ConfigEntry> parse_config(const std::string& text, const std::string& name);

/// The same for a file. Throws UsageError, also where it cannot be read.
std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file);

/// `text` as a TOML string, so that parse_config() gives it back.
std::string toml_string(const std::string& text);

}  // namespace duel::app
