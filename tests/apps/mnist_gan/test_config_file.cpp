#include "apps/mnist_gan/config_file.h"

#include "apps/mnist_gan/exit_code.h"
#include "engine/suggest.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using duel::closest_name;
using duel::test::contains;

}  // namespace

TEST_CASE("configuration files: what TOML's flat part allows") {
  const auto entries = parse_config(
      "# comment\r\n\r\n  a = 1 # one\nb-2=\"x # y, \\\"z\\\" \\\\\" # text\nc = 'raw \\n'\n"
      "d = [1, 2,\n  3, # three\n]\ne = []\nf = true\ng = -1.5e-3\nh = \"\"\ni = +4",
      "file");
  REQUIRE(entries.size() == 9);
  CHECK(entries[0].key == "a");
  CHECK(entries[0].value == "1");
  CHECK(entries[0].line == 3);
  CHECK(entries[1].key == "b-2");
  CHECK(entries[1].value == "x # y, \"z\" \\");
  CHECK(entries[2].value == "raw \\n");
  CHECK(entries[3].value == "1,2,3");
  CHECK(entries[4].value.empty());
  CHECK(entries[4].line == 9);
  CHECK(entries[5].value == "true");
  CHECK(entries[6].value == "-1.5e-3");
  CHECK(entries[7].value.empty());
  CHECK(entries[8].value == "4");
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

TEST_CASE("suggestions: near names only") {
  const std::vector<std::string> names = {"epochs", "batch-size", "b1", "checkpoint-interval"};
  CHECK(closest_name("epohcs", names) == "epochs");
  CHECK(closest_name("check", names) == "checkpoint-interval");
  CHECK(closest_name("batch", names) == "batch-size");
  CHECK(closest_name("zzz", names).empty());
  CHECK(closest_name("", names).empty());
}
