// Configuration files: the part of TOML that a flat list of settings needs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace duel::app {

/// One line `key = value`.
struct ConfigEntry {
  std::string key;
  std::vector<std::string> values;  ///< of a list, or the only one: a string without its quotes, others as written
  int line = 0;                     ///< counted from 1
  bool is_list = false;             ///< in [brackets]

  std::string text() const;  ///< the values, with commas between
};

/// Reads lines `key = value` with comments (#), where a value is a number, true, false, a one-line string in "double
/// quotes" (escapes \\ \" \b \t \n \f \r \uXXXX) or 'single quotes', or a list of such values, which may span lines.
/// Anything else that TOML knows (tables, dates, multi-line strings) is refused; so are control characters. A byte
/// order mark at the beginning is no part of the text. `name` stands for the file in messages. Throws UsageError with
/// the line, what was expected and what was found.
std::vector<ConfigEntry> parse_config(const std::string& text, const std::string& name);

/// The same for a regular file of at most 1 MiB. Throws UsageError, also where it cannot be read.
std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file);

/// `text` as a TOML string, so that parse_config() gives it back; but a byte that is not UTF-8 becomes U+FFFD.
std::string toml_string(const std::string& text);

}  // namespace duel::app
