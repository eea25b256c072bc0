#include "app/settings/config_file.h"

#include "app/errors/exit_code.h"
#include "engine/suggest.h"
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
      {"a\n", "file:1: expected '=' after 'a', found the end of the line"},
      {"a", "found the end of the file"},
      {"a = \n", "file:1: expected a value, found the end of the line"},
      {"a = 1\nb == 2\n", "file:2: '=' is no value"},
      {"a = 1 2\n", "expected the end of the line after the value of 'a', found '2'"},
      {"a = one\n", "'one' is no value"},
      {"a = nan\n", "'nan' is no value"},
      {"a = 007\n", "'007' is no value"},
      {"\xFF\xFE", "file: is UTF-16, expected UTF-8"},
      {"\xFE\xFF", "file: is UTF-16, expected UTF-8"},
      {"a = 0x10\n", "'0x10' is no value"},
      {"a = 1.\n", "'1.' is no value"},
      {"a = .5\n", "'.5' is no value"},
      {"a = 1e\n", "'1e' is no value"},
      {"a = 1e+\n", "'1e+' is no value"},
      {"a = --1\n", "'--1' is no value"},
      {"a = 1_000\n", "'1_000' is no value"},
      {"a = \"x\n", "lacks its closing \""},
      {"a = 'x", "lacks its closing '"},
      {"a = \"\\q\"\n", "expected \\\\"},
      {"a = [1, 2\n", "found the end of the file"},
      {"a = [1 2]\n", "expected ',' or ']' in a list, found '2'"},
      {"a = [[1]]\n", "expected a value, found '['"},
      {"a = [,]\n", "expected a value, found ','"},
      {"a = 1\n\na = 2\n", "file:3: 'a' is given twice, first in line 1"},
      {"\"a\" = 1\n", "expected a key"},
      {"a.b = 1\n", "expected '=' after 'a', found '.'"},
      {"= 1\n", "expected a key"},
      {std::string("a = \0\n", 6), "file:1"},
      {std::string("a = '\0'\n", 8), "file:1: expected no control character in a text"},
      {"a = \"\x1b[2J\"\n", "file:1: expected no control character in a text"},
      {"a = 1\rb = 2\n", "file:1: expected the end of the line after the value of 'a'"},
      {"a = \"\xff\"\n", "file:1: expected text in UTF-8"},
      {"a = \"\\u12\"\n", "expected \\u and 4 hexadecimal digits, found '\"'"},
      {"a = \"\\u0000\"\n", "expected the \\uXXXX of a character other than NUL"},
      {"a = \"\\uD800\"\n", "expected the \\uXXXX of a character other than NUL"},
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
