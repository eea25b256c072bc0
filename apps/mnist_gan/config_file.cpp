#include "apps/mnist_gan/config_file.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>

#include "apps/mnist_gan/exit_code.h"

namespace duel::app {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;  // bytes; a longer file is no configuration

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

/// Digits, then perhaps a fraction and an exponent.
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
    std::vector<ConfigEntry> entries;
    std::map<std::string, int> lines;
    for (skip_blank_lines(); !at_end(); skip_blank_lines()) {
      ConfigEntry entry = parse_entry();
      const auto [earlier, is_new] = lines.emplace(entry.key, entry.line);
      if (!is_new) refuse("'" + entry.key + "' is given twice, first in line " + std::to_string(earlier->second));
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
    return peek() == '\n' ? "the end of the line" : "'" + std::string(1, peek()) + "'";
  }

  void skip_spaces() {
    while (!at_end() && (peek() == ' ' || peek() == '\t' || peek() == '\r')) take();
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
    if (peek() != '=') refuse("expected '=' after '" + entry.key + "', found " + found());
    take();
    skip_spaces();
    entry.value = peek() == '[' ? parse_list() : parse_value();
    skip_comment();
    if (peek() != '\n') refuse("expected the end of the line after the value of '" + entry.key + "', found " + found());
    return entry;
  }

  std::string parse_list() {
    take();
    std::string joined;
    for (skip_blank_lines(); peek() != ']'; skip_blank_lines()) {
      joined += (joined.empty() ? "" : ",") + parse_value();
      skip_blank_lines();
      if (peek() == ',') {
        take();
      } else if (at_end() || peek() != ']') {
        refuse("expected ',' or ']' in a list, found " + found());
      }
    }
    take();
    return joined;
  }

  std::string parse_value() {
    if (peek() == '"' || peek() == '\'') return parse_string(take());
    std::string word;
    while (!at_end() && !std::strchr(" \t\r\n#,[]", peek())) word += take();
    if (word.empty()) refuse("expected a value, found " + found());
    if (word != "true" && word != "false" && !is_number(word)) {
      refuse("'" + word + "' is no value: expected a number, true, false, a list [...] or text in \"quotes\"");
    }
    return word.front() == '+' ? word.substr(1) : word;
  }

  std::string parse_string(char quote) {
    std::string content;
    while (peek() != quote) {
      if (peek() == '\n') refuse(std::string("the text lacks its closing ") + quote);
      const char c = take();
      content += c == '\\' && quote == '"' ? parse_escape() : c;
    }
    take();
    return content;
  }

  char parse_escape() {
    switch (peek()) {
      case '\\':
      case '"':
        return take();
      case 'n':
        return take(), '\n';
      case 't':
        return take(), '\t';
      default:
        refuse("expected \\\\, \\\", \\n or \\t, found \\ and " + found() + "; 'single quotes' need no escapes");
    }
  }

  const std::string& text_;
  const std::string& name_;
  std::size_t position_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<ConfigEntry> parse_config(const std::string& text, const std::string& name) {
  return Parser(text, name).parse();
}

std::vector<ConfigEntry> read_config_file(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw UsageError(file.string() + ": is a folder, expected a file");
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
  for (const char c : text) {
    if (c == '\n' || c == '\t') {
      quoted += c == '\n' ? "\\n" : "\\t";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace duel::app
