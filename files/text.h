// Text of unknown origin - from files, arguments and the environment - on its way out of the program.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <mutex>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

namespace duel {

/// The UTF-8 form of a Unicode character.
std::string utf8_of(unsigned code_point);

/// `text` as UTF-8: U+FFFD in the place of every byte that is part of no character.
std::string valid_utf8(std::string_view text);

/// `text` for a terminal: a byte that is part of no character, and a control character other than a line's end or a
/// tab, as "\x1b"; so is a character of Unicode that turns the direction of the text or cannot be seen.
std::string printable(std::string_view text);

/// `text` for a message: printable() in one line, and of a long one the first `most` bytes with "... (N bytes)" after
/// them.
std::string excerpt(std::string_view text, std::size_t most = 200);
/// The same in 'single quotes'.
std::string in_quotes(std::string_view text, std::size_t most = 200);
/// The same for a path, whose end matters: as long as the system allows.
std::string in_quotes(const std::filesystem::path& path);
inline std::string in_quotes(const char* text) {
  return in_quotes(std::string_view(text));
}
inline std::string in_quotes(const std::string& text) {
  return in_quotes(std::string_view(text));
}

/// How many columns of a terminal the characters of `text` take: two where they are wide, none where they stand over
/// the one before. Source: Unicode Standard Annex 11, East Asian width.
std::size_t columns_in(std::string_view text);
/// The beginning of `text` that fits into so many columns, with spaces after it up to their end.
std::string in_columns(std::string_view text, std::size_t columns);

/// "a, b, c".
std::string joined(const std::vector<std::string>& texts);

/// `text` as one word of a shell's command line.
std::string shell_word(const std::string& text);
/// In single quotes, for POSIX shells, bash and zsh.
std::string in_shell_quotes(const std::string& text);

/// A message that may hold text of any length: of a long one the beginning and the end, 16,000 bytes each.
std::string shortened(const std::string& message);

/// Whether a text file begins with the byte order mark of UTF-16.
bool is_utf16(std::string_view text);

/// While it lives, what is written to `stream` arrives there as printable() text. A control sequence of the program's
/// own goes through write_control().
class PrintableStream : public std::streambuf {
 public:
  explicit PrintableStream(std::ostream& stream);
  ~PrintableStream() override;
  PrintableStream(const PrintableStream&) = delete;
  PrintableStream& operator=(const PrintableStream&) = delete;

  int error() const { return error_; }  ///< errno where something could not be written; 0: all was

 private:
  friend void write_control(std::ostream& stream, std::string_view text);

  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;
  bool pass_on(std::string_view text);
  bool keep_error(bool is_written);
  bool finish_character();

  std::mutex mutex_;  ///< several threads may write to standard error
  std::ostream& stream_;
  std::streambuf* target_;
  int error_ = 0;
  std::string begun_;  ///< the first bytes of a character
};

/// Writes `text` to the stream as it is, also where a PrintableStream guards it: no part of it may come from outside.
void write_control(std::ostream& stream, std::string_view text);

/// Its letters of ASCII as small ones.
std::string lower_case(std::string text);

}  // namespace duel
