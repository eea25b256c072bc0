#include "app/settings/config_file.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
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

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

bool is_control_character(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

/// Digits without leading zeros, then perhaps a fraction and an exponent.
bool is_number(std::string_view word) {
  const auto take_one_of = [&word](std::string_view characters) {
    const bool is_there = !word.empty() && characters.find(word.front()) != std::string_view::npos;
    if (is_there) word.remove_prefix(1);
    return is_there;
  };
  const auto take_digits = [&word] {
    const std::size_t count = std::min(word.find_first_not_of("0123456789"), word.size());
    word.remove_prefix(count);
    return count > 0;
  };
  take_one_of("+-");
  if (word.size() > 1 && word[0] == '0' && std::isdigit(static_cast<unsigned char>(word[1]))) return false;
  if (!take_digits()) return false;
  if (take_one_of(".") && !take_digits()) return false;
  if (take_one_of("eE")) {
    take_one_of("+-");
    if (!take_digits()) return false;
  }
  return word.empty();
}

class Parser {
 public:
  Parser(const std::string& text, const std::string& name) : text_(text), name_(name) {}

  std::vector<ConfigEntry> parse() {
    if (is_utf16(text_)) throw UsageError(name_ + ": is UTF-16, expected UTF-8; save it in that encoding");
    if (text_.starts_with(kByteOrderMark)) position_ = kByteOrderMark.size();
    std::vector<ConfigEntry> entries;
    std::map<std::string, int> lines;
    for (skip_blank_lines(); !at_end(); skip_blank_lines()) {
      ConfigEntry entry = parse_entry();
      const auto [earlier, is_new] = lines.emplace(entry.key, entry.line);
      if (!is_new) refuse(in_quotes(entry.key) + " is given twice, first in line " + std::to_string(earlier->second));
      entries.push_back(std::move(entry));
    }
    return entries;
  }

 private:
  [[noreturn]] void refuse(const std::string& message) const {
    throw UsageError(name_ + ":" + std::to_string(line_) + ": " + message);
  }

  bool at_end() const { return position_ == text_.size(); }
  char peek() const { return at_end() ? '\n' : text_[position_]; }
  char take() {
    const char c = peek();
    if (!at_end()) ++position_;
    if (c == '\n') ++line_;
    return c;
  }
  std::string found() const {
    if (at_end()) return "the end of the file";
    return peek() == '\n' ? "the end of the line" : in_quotes(std::string(1, peek()));
  }

  /// At the CR of CR LF.
  bool is_before_line_end() const {
    return peek() == '\r' && (position_ + 1 == text_.size() || text_[position_ + 1] == '\n');
  }
  void skip_spaces() {
    while (!at_end() && (peek() == ' ' || peek() == '\t' || is_before_line_end())) take();
  }
  void skip_comment() {
    skip_spaces();
    if (peek() == '#') {
      while (peek() != '\n') take();
    }
  }
  void skip_blank_lines() {
    for (skip_comment(); !at_end() && peek() == '\n'; skip_comment()) take();
  }

  ConfigEntry parse_entry() {
    if (peek() == '[') refuse("tables are not used here: write every setting as key = value");
    ConfigEntry entry;
    entry.line = line_;
    while (!at_end() && is_key_character(peek())) entry.key += take();
    if (entry.key.empty()) refuse("expected a key (letters, digits, - and _), found " + found());
    skip_spaces();
    if (peek() != '=') refuse("expected '=' after " + in_quotes(entry.key) + ", found " + found());
    take();
    skip_spaces();
    if (peek() == '[') {
      entry.values = parse_list();
      entry.is_list = true;
    } else {
      entry.values = {parse_value()};
    }
    skip_comment();
    if (peek() != '\n')
      refuse("expected the end of the line after the value of " + in_quotes(entry.key) + ", found " + found());
    return entry;
  }

  std::vector<std::string> parse_list() {
    take();
    std::vector<std::string> values;
    for (skip_blank_lines(); peek() != ']'; skip_blank_lines()) {
      values.push_back(parse_value());
      skip_blank_lines();
      if (peek() == ',') {
        take();
      } else if (at_end() || peek() != ']') {
        refuse("expected ',' or ']' in a list, found " + found());
      }
    }
    take();
    return values;
  }

  std::string parse_value() {
    if (peek() == '"' || peek() == '\'') return parse_string(take());
    std::string word;
    while (!at_end() && !std::strchr(" \t\r\n#,[]", peek())) word += take();
    if (word.empty()) refuse("expected a value, found " + found());
    if (word != "true" && word != "false" && !is_number(word)) {
      refuse(in_quotes(word) + " is no value: expected a number, true, false, a list [...] or text in \"quotes\"");
    }
    return word.front() == '+' ? word.substr(1) : word;
  }

  std::string parse_string(char quote) {
    std::string content;
    while (peek() != quote) {
      if (peek() == '\n') refuse(std::string("the text lacks its closing ") + quote);
      if (is_control_character(peek())) refuse("expected no control character in a text, found " + found());
      const char c = take();
      if (c == '\\' && quote == '"') {
        content += parse_escape();
      } else {
        content += c;
      }
    }
    take();
    if (valid_utf8(content) != content) refuse("expected text in UTF-8, found other bytes");
    return content;
  }

  std::string parse_escape() {
    if (peek() == 'u') return parse_code_point();
    for (const Escape& escape : kEscapes) {
      if (peek() == escape.letter) return take(), std::string(1, escape.meaning);
    }
    refuse("expected \\\\, \\\", \\b, \\t, \\n, \\f, \\r or \\uXXXX, found \\ and " + found() +
           "; 'single quotes' need no escapes");
  }

  /// Of \uXXXX, behind the backslash.
  std::string parse_code_point() {
    take();
    unsigned code = 0;
    for (int digit = 0; digit < 4; ++digit) {
      const char c = peek();
      if (!std::isxdigit(static_cast<unsigned char>(c)))
        refuse("expected \\u and 4 hexadecimal digits, found " + found());
      code = 16 * code +
             static_cast<unsigned>(std::isdigit(static_cast<unsigned char>(c)) ? c - '0' : (c | 0x20) - 'a' + 10);
      take();
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) refuse("expected the \\uXXXX of a character other than NUL");
    return utf8_of(code);
  }

  const std::string& text_;
  const std::string& name_;
  std::size_t position_ = 0;
  int line_ = 1;
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
      char code[8];
      std::snprintf(code, sizeof(code), "\\u%04X", static_cast<unsigned>(c));
      quoted += code;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace duel::app
