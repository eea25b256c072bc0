// Configuration files: TOML without tables.
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

/// Reads TOML: keys whose values are numbers, true, false, strings or lists of these, in the order of their lines.
/// Tables, dates, lists of lists and NUL are refused. A byte order mark at the beginning is no part of the text. `name`
/// stands for the file in messages. Throws UsageError with the line, what was expected and what was found.
std::vector<ConfigEntry> parse_config(const std::string& text, const std::string& name);

/// The same for a regular file of at most 1 MiB. Throws UsageError, also where it cannot be read.
std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file);

/// `text` as a TOML string, so that parse_config() gives it back; but a byte that is not UTF-8 becomes U+FFFD.
std::string toml_string(const std::string& text);

}  // namespace duel::app
