#include "app/settings/config_file.h"

#include "app/errors/exit_code.h"
#include "files/suggest.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::closest_name;
using duel::test::contains;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("configuration files: what TOML's flat part allows") {
  const auto entries = parse_config(
      "# comment\r\n\r\n  a = 1 # one\nb-2=\"x # y, \\\"z\\\" \\\\\" # text\nc = 'raw \\n'\n"
      "d = [1, 2,\n  3, # three\n]\ne = []\nf = true\ng = -1.5e-3\nh = \"\"\ni = +4",
      "file");
  REQUIRE(entries.size() == 9);
  CHECK(entries[0].key == "a");
  CHECK(entries[0].values == Texts{"1"});
  CHECK(entries[0].line == 3);
  CHECK(entries[1].key == "b-2");
  CHECK(entries[1].values == Texts{"x # y, \"z\" \\"});
  CHECK(entries[2].values == Texts{"raw \\n"});
  CHECK(entries[3].values == Texts{"1", "2", "3"});
  CHECK(entries[4].values.empty());
  CHECK(entries[4].line == 9);
  CHECK(entries[5].values == Texts{"true"});
  CHECK(entries[6].values == Texts{"-1.5e-3"});
  CHECK(entries[7].values == Texts{""});
  CHECK(entries[8].values == Texts{"4"});
  CHECK(parse_config("", "file").empty());
}

TEST_CASE("configuration files: anything else is refused with its line") {
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"[train]\n", "file:1: tables are not used here"},
      {"a.b = 1\n", "file:1: tables are not used here"},
      {"a = {b = 1}\n", "file:1: tables are not used here"},
      {"a\n", "file:1: key-value pair: expected '='"},
      {"a", "expected key = value"},
      {"a = \n", "file:1: key-value pair: expected value"},
      {"a = 1\nb == 2\n", "file:2: "},
      {"a = 1\nb == 2\n", "; found 'b == 2'"},
      {"a = 1 2\n", "expected a comment or whitespace, saw '2'"},
      {"a = one\n", "a value is a number, true, false, a list [...] or text in \"quotes\"; found 'a = one'"},
      {"a = 007\n", "leading zeroes are prohibited"},
      {"a = 1979-05-27\n", "file:1: expected a number, true, false, a list of such values or text"},
      {"\xFF\xFE", "file: is UTF-16, expected UTF-8"},
      {"\xFE\xFF", "file: is UTF-16, expected UTF-8"},
      {"a = 1.\n", "expected decimal digit"},
      {"a = .5\n", "expected decimal digit"},
      {"a = 1e\n", "expected decimal digit"},
      {"a = 1e+\n", "expected decimal digit"},
      {"a = --1\n", "saw '-'"},
      {"a = 18446744073709551615\n", "is not representable in 64 bits: write it in \"quotes\""},
      {"a = \"x\n", "a text ends in its own line, with the quote that it began with; found 'a = \"x'"},
      {"a = 'x", "a text ends in its own line, with the quote that it began with; found 'a = 'x'"},
      {"a = \"\\q\"\n", "unknown escape sequence '\\q'; 'single quotes' need no escapes"},
      {"a = [1, 2\n", "file:2: array: encountered end-of-file"},
      {"a = [1 2]\n", "expected comma or closing ']', saw '2'"},
      {"a = [[1]]\n", "expected a number, true, false, a list of such values or text"},
      {"a = [,]\n", "expected value or closing ']', saw comma"},
      {"a = 1\n\na = 2\n", "file:3: key-value pair: cannot redefine existing integer 'a'"},
      {"= 1\n", "expected keys"},
      {std::string("a = \0\n", 6), "file:1"},
      {std::string("a = '\0'\n", 8), "control characters other than TAB"},
      {"a = \"\x1b[2J\"\n", "control characters other than TAB"},
      {"a = 1\rb = 2\n", "file:1: "},
      {"a = \"\xff\"\n", "save the file as UTF-8"},
      {"a = \"\\u12\"\n", "expected hex digit, saw '\"'"},
      {"a = \"\\u0000\"\n", "expected a text without NUL"},
      {"a = \"\\uD800\"\n", "unicode surrogates"},
  };
  for (const auto& [text, message] : bad) {
    try {
      parse_config(text, "file");
      FAIL("accepted: " << text);
    } catch (const UsageError& error) {
      CHECK(contains(error.what(), message));
      CHECK(contains(error.what(), "file:"));
    }
  }
}

TEST_CASE("configuration files: numbers stay as they are written, for the setting to judge") {
  const auto entries = parse_config("a = nan\nb = 0x10\n\"c\" = [ 1_000,2.50 ]\n", "file");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].text() == "nan");
  CHECK(entries[1].text() == "0x10");
  CHECK(entries[2].values == Texts{"1_000", "2.50"});
}

TEST_CASE("configuration files: a byte order mark, line ends of Windows, escapes") {
  const auto entries = parse_config(
      "\xEF\xBB\xBF"
      "a = 1\r\n# b\r\nc = \"\\u00e9\\u20AC\\b\\f\\r\"\r",
      "file");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].key == "a");
  CHECK(entries[0].line == 1);
  CHECK(entries[1].values == Texts{"\u00e9\u20ac\b\f\r"});
  CHECK(entries[1].line == 3);
  CHECK(parse_config("\xEF\xBB\xBF", "file").empty());
}

TEST_CASE("a TOML string is UTF-8 without control characters, and reads back") {
  for (const std::string& text :
       {std::string("a\"b\\c"), std::string("\x01\x1b\x7f\t\n\r\b\f"), std::string("\u00e9\u20ac")}) {
    const std::string quoted = toml_string(text);
    CHECK(quoted.find_first_of("\x01\x1b\x7f\t\n\r\b\f") == std::string::npos);
    CHECK(parse_config("a = " + quoted, "file")[0].values == Texts{text});
  }
  CHECK(toml_string("\xff"
                    "a") == "\"\uFFFDa\"");
}

TEST_CASE("suggestions: near names only") {
  const std::vector<std::string> names = {"epochs", "batch-size", "b1", "checkpoint-interval"};
  CHECK(closest_name("epohcs", names) == "epochs");
  CHECK(closest_name("check", names) == "checkpoint-interval");
  CHECK(closest_name("batch", names) == "batch-size");
  CHECK(closest_name("zzz", names).empty());
  CHECK(closest_name("", names).empty());
}
