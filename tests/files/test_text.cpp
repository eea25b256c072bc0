#include "files/text.h"

#include <sstream>

#include "tests/support/catch.h"

namespace {

using duel::printable;
using duel::PrintableStream;
using duel::valid_utf8;
using duel::write_control;

const char* const kGood = "plain, \u00e9, \u20ac, \U0001F600\n\t";
/// Overlong forms, surrogates, above U+10FFFF, lonely bytes, cut-off characters.
const char* const kBroken[] = {"\xC0\x80",     "\xE0\x80\x80",     "\xF0\x80\x80\x80", "\xED\xA0\x80",
                               "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80",         "\x80",
                               "\xFF",         "\xE2\x82",         "\xF0\x9F\x98",     "\xC3"};

std::string written(const std::string& text, std::size_t piece) {
  std::ostringstream out;
  {
    const PrintableStream guard(out);
    for (std::size_t begin = 0; begin < text.size(); begin += piece) out << text.substr(begin, piece) << std::flush;
  }
  out << "\x1b";  // the guard is gone
  return out.str();
}

}  // namespace

TEST_CASE("UTF-8 stays as it is, and every byte of anything else becomes U+FFFD") {
  CHECK(valid_utf8(kGood) == kGood);
  CHECK(printable(kGood) == kGood);
  CHECK(valid_utf8("a\xFF\xFEz") == "a\uFFFD\uFFFDz");
  for (const std::string broken : kBroken) {
    std::string expected;
    for (std::size_t i = 0; i < broken.size(); ++i) expected += "\uFFFD";
    CHECK(valid_utf8(broken) == expected);
    CHECK(valid_utf8("\u00e9" + broken + "z") == "\u00e9" + expected + "z");
  }
}

TEST_CASE("the UTF-8 form of characters at the ends of each length") {
  for (const auto& [code, text] : {std::pair{0x7Fu, "\x7F"},
                                   {0x80u, "\xC2\x80"},
                                   {0x7FFu, "\xDF\xBF"},
                                   {0x800u, "\xE0\xA0\x80"},
                                   {0xFFFFu, "\xEF\xBF\xBF"},
                                   {0x10000u, "\xF0\x90\x80\x80"},
                                   {0x10FFFFu, "\xF4\x8F\xBF\xBF"}}) {
    CHECK(duel::utf8_of(code) == text);
    CHECK(valid_utf8(text) == text);
  }
}

TEST_CASE("control characters, of one byte and of two, are shown as numbers") {
  CHECK(printable("\x1b[2J\r\a\x7f") == "\\x1b[2J\\x0d\\x07\\x7f");
  CHECK(printable(std::string("\0", 1)) == "\\x00");
  CHECK(printable("\u009b31m") == "\\xc2\\x9b31m");  // the C1 form of ESC [
  CHECK(printable("\xFF") == "\\xff");
  CHECK(printable("\u00a0") == "\u00a0");
}

TEST_CASE("characters that turn the direction of text or are not seen are shown as numbers") {
  CHECK(printable("\u202Egnp.exe") == "\\xe2\\x80\\xaegnp.exe");
  for (const char* hidden : {"\u200B", "\u200E", "\u2028", "\u2066", "\uFEFF", "\u061C"}) {
    CHECK(printable(hidden).starts_with("\\x"));
  }
  for (const char* seen : {"é", "–", "ش", "\u200C", "\u200D", "漢", "🙂"}) CHECK(printable(seen) == seen);
}

TEST_CASE("text in quotes is one line that a terminal can show, and no longer than asked for") {
  using duel::in_quotes;
  CHECK(in_quotes("a 'b'") == "'a 'b''");
  CHECK(in_quotes(std::string("a\0b\n\t\x1b", 6)) == "'a\\x00b\\x0a\\x09\\x1b'");
  CHECK(in_quotes("\u00e9\xFF") == "'\u00e9\\xff'");
  CHECK(in_quotes(std::string(200, 'a')) == "'" + std::string(200, 'a') + "'");
  CHECK(in_quotes(std::string(900'000, 'a')) == "'" + std::string(200, 'a') + "'... (900000 bytes)");
  CHECK(in_quotes("aa\u00e9a", 3) == "'aa'... (5 bytes)");  // no half character
  const std::string path(1000, 'p');
  CHECK(in_quotes(std::filesystem::path(path)) == "'" + path + "'");
}

TEST_CASE("text takes as many columns of a terminal as its characters are wide") {
  using duel::columns_in;
  using duel::in_columns;
  CHECK(columns_in("") == 0);
  CHECK(columns_in("abc") == 3);
  CHECK(columns_in("\u00dcn\u00ef") == 3);
  CHECK(columns_in("\u6f22\u5b57") == 4);
  CHECK(columns_in("\U0001F600") == 2);
  CHECK(columns_in("e\u0301\u200d") == 1);       // an accent over the letter, and a joiner
  CHECK(columns_in("\uff21\uac00\uff71") == 5);  // the last one is half-width
  CHECK(in_columns("ab", 4) == "ab  ");
  CHECK(in_columns("abcdef", 4) == "abcd");
  CHECK(in_columns("a\u6f22\u5b57", 4) == "a\u6f22 ");  // no half of the second
  CHECK(in_columns("e\u0301x", 1) == "e\u0301");
  CHECK(in_columns("\u6f22", 1) == " ");
}

TEST_CASE("words of a shell's command line") {
  CHECK(duel::shell_word("runs/00007-default") == "runs/00007-default");
  CHECK(duel::shell_word("my runs") == "'my runs'");
  CHECK(duel::shell_word("it's") == "'it'\\''s'");
  CHECK(duel::shell_word("$HOME") == "'$HOME'");
  CHECK(duel::shell_word("") == "''");
}

TEST_CASE("of a message that is too long the beginning and the end are left") {
  const std::string text = std::string(17'000, 'a') + std::string(17'000, 'b');
  CHECK(duel::shortened(text.substr(2000)) == text.substr(2000));
  CHECK(duel::shortened(text) == std::string(16'000, 'a') + "... (2000 bytes left out) ..." + std::string(16'000, 'b'));
}

TEST_CASE("UTF-16 is known by its byte order mark") {
  CHECK(duel::is_utf16("\xFF\xFEx"));
  CHECK(duel::is_utf16("\xFE\xFF"));
  CHECK_FALSE(duel::is_utf16("\xEF\xBB\xBF"));
  CHECK_FALSE(duel::is_utf16("\xFF"));
}

TEST_CASE("a guarded stream writes printable text, whatever the pieces in which it comes") {
  const std::string text = std::string(kGood) + "\x1b]0;title\a \u009b \xE2\x82 \xFF";
  for (const std::size_t piece : {1, 2, 3, 5, 100}) CHECK(written(text, piece) == printable(text) + "\x1b");
  CHECK(written("\xE2\x82", 1) == "\\xe2\\x82\x1b");
}

TEST_CASE("a guarded stream takes single characters and the program's own control sequences") {
  std::ostringstream out;
  const PrintableStream guard(out);
  out.put('\x1b').put('a');
  write_control(out, "\r\x1b[K");
  out << 12;
  CHECK(out.good());
  CHECK(out.str() == "\\x1ba\r\x1b[K12");
}

TEST_CASE("without a guard a control sequence is simply written") {
  std::ostringstream out;
  write_control(out, "\r\x1b[K");
  CHECK(out.str() == "\r\x1b[K");
}

TEST_CASE("a guarded stream tells of a failing target") {
  struct Full : std::streambuf {
  } full;
  std::ostream out(&full);
  {
    const PrintableStream guard(out);
    out << "text";
    CHECK(out.bad());
  }
  CHECK(out.bad());
  out.clear();
  const PrintableStream guard(out);
  write_control(out, "x");
  CHECK(out.bad());
}
