#include "app/settings/config_file.h"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string_view>

#include "app/errors/exit_code.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;  // bytes; a longer file is no configuration

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // what some editors put in front of UTF-8

/// What \b, \t and so on stand for.
struct Escape {
  char letter, meaning;
};
constexpr Escape kEscapes[] = {{'\\', '\\'}, {'"', '"'},  {'b', '\b'}, {'t', '\t'},
                               {'n', '\n'},  {'f', '\f'}, {'r', '\r'}};

bool is_control_character(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

/// Of TOML what a list of settings needs.
class Parser {
 public:
  Parser(const std::string& text, const std::string& name)
      : text_(text.substr(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) + '\n'), name_(name) {}

  std::vector<ConfigEntry> parse() {
    if (is_utf16(text_)) throw UsageError(name_ + ": is UTF-16, expected UTF-8; save it in that encoding");
    std::vector<ConfigEntry> entries;
    try {
      for (const auto& [key, value] : toml::parse(text_)) entries.push_back(entry_of(key, value));
    } catch (const toml::parse_error& error) {
      refuse(error.source().begin.line, explained(std::string(error.description())));
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    return entries;
  }

 private:
  [[noreturn]] void refuse(toml::source_index line, const std::string& message) const {
    throw UsageError(name_ + ":" + std::to_string(line) + ": " + message + "; found " + in_quotes(line_of_text(line)));
  }

  /// The line without what ends it.
  std::string_view line_of_text(toml::source_index line) const {
    std::string_view rest = text_;
    for (; line > 1; --line) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest = rest.substr(0, rest.find('\n'));
    return rest.substr(0, rest.find_last_not_of('\r') + 1);
  }

  /// toml++'s words, with what helps.
  static std::string explained(std::string message) {
    constexpr std::string_view kBefore = "Error while parsing ";
    if (message.starts_with(kBefore)) message.erase(0, kBefore.size());
    if (message.find("control characters") != std::string::npos) {
      return message + ": a text ends in its own line, with the quote that it began with";
    }
    if (message.find("escape") != std::string::npos) return message + "; 'single quotes' need no escapes";
    if (message.find("not representable") != std::string::npos) return message + ": write it in \"quotes\"";
    if (message.find("utf-8") != std::string::npos) return message + ": save the file as UTF-8";
    return message +
           "; expected key = value, where a value is a number, true, false, a list [...] or text in \"quotes\"";
  }

  ConfigEntry entry_of(const toml::key& key, const toml::node& node) const {
    const auto line = key.source().begin.line;
    if (node.is_table()) refuse(line, "tables are not used here: write every setting as key = value");
    ConfigEntry entry{std::string(key.str()), {}, static_cast<int>(line), node.is_array()};
    if (const toml::array* const list = node.as_array()) {
      for (const toml::node& element : *list) entry.values.push_back(text_of(element));
    } else {
      entry.values = {text_of(node)};
    }
    return entry;
  }

  /// A text's content, a number as it is written.
  std::string text_of(const toml::node& node) const {
    const toml::source_region place = node.source();
    if (const auto* const text = node.as_string()) {
      if (text->get().find('\0') == std::string::npos) return text->get();
      refuse(place.begin.line, "expected a text without NUL");
    }
    if (!node.is_number() && !node.is_boolean()) {
      refuse(place.begin.line, "expected a number, true, false, a list of such values or text in \"quotes\"");
    }
    const std::string_view word =
        line_of_text(place.begin.line).substr(place.begin.column - 1, place.end.column - place.begin.column);
    return std::string(word.substr(word.starts_with('+') ? 1 : 0));
  }

  const std::string text_;
  const std::string& name_;
};

}  // namespace

std::string ConfigEntry::text() const {
  std::string text;
  for (const std::string& value : values) text += (&value == &values.front() ? "" : ",") + value;
  return text;
}

std::vector<ConfigEntry> parse_config(const std::string& text, const std::string& name) {
  return Parser(text, name).parse();
}

std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto kind = std::filesystem::status(file, error);
  if (is_directory(kind)) throw UsageError(file.string() + ": is a folder, expected a file");
  if (exists(kind) && !is_regular_file(kind)) {
    throw UsageError(file.string() + ": is a device or a pipe, expected a regular file");
  }
  std::ifstream input(file, std::ios::binary);
  std::string text(kLargestFile + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!input.is_open() || input.bad()) {
    throw UsageError(file.string() + ": cannot be read: " + std::strerror(errno));
  }
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > kLargestFile) throw UsageError(file.string() + ": longer than 1 MiB, so no configuration");
  return parse_config(text, file.string());
}

std::string toml_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : valid_utf8(text)) {
    const auto* escape =
        std::find_if(std::begin(kEscapes), std::end(kEscapes), [c](auto& e) { return e.meaning == c; });
    if (escape != std::end(kEscapes)) {
      quoted += {'\\', escape->letter};
    } else if (is_control_character(c)) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace duel::app
