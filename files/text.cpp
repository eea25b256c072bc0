#include "files/text.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <ostream>

namespace duel {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// What stands at the beginning of a text.
struct Beginning {
  enum class Kind { character, broken, unfinished };
  Kind kind;
  std::size_t bytes;  ///< of the character; 1 where it is broken, all where the text ends too early
  std::uint32_t code_point = 0;
};

/// How long the character is that begins with this byte; 0: none does.
std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. `text` is not empty.
Beginning beginning_of(std::string_view text) {
  using enum Beginning::Kind;
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = length_of(byte(0));
  if (length == 0) return {broken, 1};
  if (length == 1) return {character, 1, byte(0)};
  std::uint32_t code = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {unfinished, text.size()};
    if ((byte(i) & 0xC0) != 0x80) return {broken, 1};
    code = code << 6 | (byte(i) & 0x3Fu);
    if (i > 1) continue;
    const std::uint32_t leading = length == 4 ? code << 12 : length == 3 ? code << 6 : code;
    const bool is_overlong = (length == 3 && leading < 0x800) || (length == 4 && leading < 0x10000);
    if (is_overlong || (leading >= 0xD800 && leading < 0xE000) || leading > 0x10FFFF) return {broken, 1};
  }
  return {character, length, code};
}

/// Characters of Unicode that turn the direction of what is around them, end a line, or are not seen: two names that
/// look alike are told apart.
bool is_invisible(std::uint32_t code_point) {
  struct Range {
    std::uint32_t first, last;
  };
  constexpr Range kRanges[] = {{0xAD, 0xAD},     {0x61C, 0x61C},   {0x200B, 0x200B},
                               {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
                               {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0001, 0xE0001}};
  return std::any_of(std::begin(kRanges), std::end(kRanges), [code_point](const Range& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

bool is_control(std::uint32_t code_point) {
  if (code_point == '\n' || code_point == '\t') return false;
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || is_invisible(code_point);
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    char escape[8];
    std::snprintf(escape, sizeof(escape), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += escape;
  }
  return text;
}

/// Calls `take(bytes, beginning)` for all characters and broken bytes of the text; an unfinished character at its end
/// is broken bytes.
template <class Take>
void for_each_character(std::string_view text, const Take& take) {
  while (!text.empty()) {
    Beginning next = beginning_of(text);
    if (next.kind == Beginning::Kind::unfinished) next = {Beginning::Kind::broken, 1};
    take(text.substr(0, next.bytes), next);
    text.remove_prefix(next.bytes);
  }
}

/// Columns of a terminal.
std::size_t width_of(const Beginning& character) {
  const auto is_from = [code = character.code_point](std::uint32_t low, std::uint32_t high) {
    return code >= low && code <= high;
  };
  if (is_from(0x300, 0x36f) || is_from(0x200b, 0x200f) || is_from(0xfe00, 0xfe0f)) return 0;  // over the one before
  const bool is_wide = is_from(0x1100, 0x115f) || is_from(0x2e80, 0xa4cf) || is_from(0xac00, 0xd7a3) ||
                       is_from(0xf900, 0xfaff) || is_from(0xfe30, 0xfe6f) || is_from(0xff00, 0xff60) ||
                       is_from(0xffe0, 0xffe6) || is_from(0x1f300, 0x1faff) || is_from(0x20000, 0x3fffd);
  return is_wide ? 2 : 1;
}

/// The first bytes of a character at the very end of the text.
std::string_view unfinished_end(std::string_view text) {
  for (std::size_t bytes = 1; bytes < 4 && bytes <= text.size(); ++bytes) {
    const std::string_view end = text.substr(text.size() - bytes);
    if (beginning_of(end).kind == Beginning::Kind::unfinished) return end;
  }
  return {};
}

/// In one line, and between `quotes` no more than the first `most` bytes.
std::string cut(std::string_view text, std::size_t most, const char* quotes) {
  const bool is_long = text.size() > most;
  std::string_view begin = text.substr(0, most);
  if (is_long) begin.remove_suffix(unfinished_end(begin).size());
  std::string shown;
  for (const char c : printable(begin)) shown += c == '\n' || c == '\t' ? hexadecimal({&c, 1}) : std::string(1, c);
  return quotes + shown + quotes + (is_long ? "... (" + std::to_string(text.size()) + " bytes)" : "");
}

}  // namespace

std::string utf8_of(unsigned code_point) {
  const auto tail = [code_point](int shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xC0 | code_point >> 6), tail(0)};
  if (code_point < 0x10000) return {static_cast<char>(0xE0 | code_point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code_point >> 18), tail(12), tail(6), tail(0)};
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  for_each_character(text, [&valid](std::string_view bytes, const Beginning& what) {
    valid += what.kind == Beginning::Kind::character ? bytes : kReplacement;
  });
  return valid;
}

std::string printable(std::string_view text) {
  std::string shown;
  for_each_character(text, [&shown](std::string_view bytes, const Beginning& what) {
    const bool is_harmless = what.kind == Beginning::Kind::character && !is_control(what.code_point);
    shown += is_harmless ? std::string(bytes) : hexadecimal(bytes);
  });
  return shown;
}

std::string excerpt(std::string_view text, std::size_t most) {
  return cut(text, most, "");
}

std::string in_quotes(std::string_view text, std::size_t most) {
  return cut(text, most, "'");
}

std::string in_quotes(const std::filesystem::path& path) {
  return in_quotes(path.native(), PATH_MAX);
}

std::size_t columns_in(std::string_view text) {
  std::size_t columns = 0;
  for_each_character(text, [&columns](std::string_view, const Beginning& what) { columns += width_of(what); });
  return columns;
}

std::string in_columns(std::string_view text, std::size_t columns) {
  std::string shown;
  std::size_t used = 0;
  bool is_full = false;
  for_each_character(text, [&](std::string_view bytes, const Beginning& what) {
    is_full = is_full || used + width_of(what) > columns;
    if (is_full) return;
    used += width_of(what);
    shown += bytes;
  });
  return shown + std::string(columns - used, ' ');
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string shell_word(const std::string& text) {
  constexpr const char* kUnquoted = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+,:=@%/";
  if (!text.empty() && text.find_first_not_of(kUnquoted) == std::string::npos) return text;
  return in_shell_quotes(text);
}

std::string in_shell_quotes(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string shortened(const std::string& message) {
  constexpr std::size_t kEnd = 16'000;  // bytes; what a compiler says of a kernel file may be long
  if (message.size() <= 2 * kEnd) return message;
  const std::size_t left_out = message.size() - 2 * kEnd;
  return message.substr(0, kEnd) + "... (" + std::to_string(left_out) + " bytes left out) ..." +
         message.substr(message.size() - kEnd);
}

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

PrintableStream::PrintableStream(std::ostream& stream) : stream_(stream), target_(stream.rdbuf(this)) {}

PrintableStream::~PrintableStream() {
  finish_character();
  target_->pubsync();
  const auto state = stream_.rdstate();
  stream_.rdbuf(target_);  // clears the state
  stream_.clear(state);
}

bool PrintableStream::pass_on(std::string_view text) {
  const std::string shown = printable(text);
  const auto size = static_cast<std::streamsize>(shown.size());
  errno = 0;
  return keep_error(target_->sputn(shown.data(), size) == size);
}

/// Of the first failure.
bool PrintableStream::keep_error(bool is_written) {
  if (!is_written && error_ == 0) error_ = errno != 0 ? errno : EIO;
  return is_written;
}

PrintableStream::int_type PrintableStream::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return sync() == 0 ? traits_type::not_eof(c) : c;
  const char text = traits_type::to_char_type(c);
  return xsputn(&text, 1) == 1 ? c : traits_type::eof();
}

std::streamsize PrintableStream::xsputn(const char* text, std::streamsize count) {
  const std::lock_guard lock(mutex_);
  begun_.append(text, static_cast<std::size_t>(count));
  const std::size_t complete = begun_.size() - unfinished_end(begun_).size();
  const bool is_written = pass_on(std::string_view(begun_).substr(0, complete));
  begun_.erase(0, complete);
  return is_written ? count : 0;
}

/// Nothing more of it will come.
bool PrintableStream::finish_character() {
  const std::lock_guard lock(mutex_);
  const bool is_written = pass_on(begun_);
  begun_.clear();
  return is_written;
}

int PrintableStream::sync() {
  errno = 0;
  return keep_error(target_->pubsync() == 0) ? 0 : -1;
}

void write_control(std::ostream& stream, std::string_view text) {
  auto* guard = dynamic_cast<PrintableStream*>(stream.rdbuf());
  if (guard == nullptr) {
    stream << text;
    return;
  }
  const auto size = static_cast<std::streamsize>(text.size());
  const bool is_written = guard->finish_character() && guard->target_->sputn(text.data(), size) == size;
  if (!is_written) stream.setstate(std::ios::badbit);
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace duel
