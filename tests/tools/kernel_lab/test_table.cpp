#include "engine/measure/table.h"

#include <limits>
#include <sstream>
#include <stdexcept>

#include "tests/support/catch.h"
#include "tests/tools/kernel_resources/temporary_folder.h"
#include "tools/kernel_lab/report.h"

namespace duel::lab {
namespace {

Table small_table() {
  using enum Column::Kind;
  Table table({{"op", heading}, {"name"}, {"size us", number}, {"idea"}});
  table.add({"adam", "a", "1.5", "short"});
  table.add({"adam", "longer", "12.25", "says \"so\", twice"});
  table.add({"tanh", "b", "3", "line\nend"});
  return table;
}

TEST_CASE("tables: aligned, rows of one heading together") {
  CHECK(small_table().text() ==
        "  name    size us  idea\n"
        "adam\n"
        "  a           1.5  short\n"
        "  longer    12.25  says \"so\", twice\n"
        "tanh\n"
        "  b             3  line end\n");
}

TEST_CASE("tables: long texts are wrapped within the width") {
  Table table({{"name"}, {"idea"}});
  std::string idea;
  for (int i = 0; i < 60; ++i) idea += (i ? " " : "") + std::to_string(1000 + i);
  table.add({"a", idea});
  std::istringstream lines(table.text(60));
  std::string line, words;
  int count = 0;
  while (std::getline(lines, line)) {
    CHECK(line.size() <= 60);
    if (count++ > 0) words += line.substr(8) + " ";
    if (count > 2) CHECK(line.substr(0, 8) == "        ");
  }
  CHECK(count > 5);
  CHECK(words == idea + " ");
}

TEST_CASE("tables: CSV quotes what needs it") {
  CHECK(small_table().csv() ==
        "op,name,size us,idea\n"
        "adam,a,1.5,short\n"
        "adam,longer,12.25,\"says \"\"so\"\", twice\"\n"
        "tanh,b,3,\"line\nend\"\n");
}

TEST_CASE("tables: a row must have a cell for every column") {
  Table table({{"a"}, {"b"}});
  CHECK_THROWS_AS(table.add({"1"}), std::invalid_argument);
  CHECK_THROWS_AS(table.add({"1", "2", "3"}), std::invalid_argument);
  CHECK(table.rows() == 0);
}

TEST_CASE("numbers: digits behind the point - what is not finite is a dash") {
  CHECK(number_text(1.25, 1) == "1.2");
  CHECK(number_text(-3, 0) == "-3");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN(), 2) == "-");
  CHECK(number_text(std::numeric_limits<double>::infinity(), 2) == "-");
}

TEST_CASE("reports: printed in the form asked for - a file's ending tells its form") {
  const TemporaryFolder folder;
  const Report report{.introduction = "before\n",
                      .table = small_table(),
                      .conclusion = "after\n",
                      .json = R"({"format":"kernel_lab list 1"})"};
  const std::string people = "before\n" + report.table.text() + "after\n";
  const auto printed = [&](const OutputOptions& options) {
    std::ostringstream out;
    Delivery(options, "list", small_table()).deliver(report, out);
    return out.str();
  };
  CHECK(printed({}) == people);
  CHECK(printed({.format = Format::csv, .file = {}}) == report.table.csv());
  CHECK(printed({.format = Format::json, .file = {}}) == report.json + "\n");
  for (const auto& [name, content] : {std::pair{"r.json", report.json + "\n"}, std::pair{"r.csv", report.table.csv()},
                                      std::pair{"r.txt", "kernel_lab list\n\n" + people}}) {
    for (int time = 0; time < 2; ++time) {  // an earlier report is replaced
      CHECK(printed({.format = {}, .file = folder.path() / name}) == people);
      CHECK(folder.read(name) == content);
    }
    // No report of another subcommand, form or file is.
    CHECK_THROWS_AS(Delivery({.format = {}, .file = folder.path() / name}, "bench", Table({{"op"}, {"case"}})),
                    std::invalid_argument);
  }
  CHECK_THROWS_AS(printed({.format = Format::csv, .file = folder.path() / "r.json"}), std::invalid_argument);
  CHECK(printed({.format = Format::csv, .file = folder.path() / "forced.json"}) == people);
  CHECK(folder.read("forced.json") == report.table.csv());
  CHECK_THROWS_AS(printed({.format = {}, .file = folder.path() / "no" / "folder.csv"}), std::invalid_argument);
  CHECK_THROWS_AS(printed({.format = {}, .file = "/proc/result.csv"}), std::system_error);
  CHECK_THROWS_AS(
      Delivery({.format = {}, .file = folder.path() / "r.csv"}, "list", small_table(), {folder.path() / "r.csv"}),
      std::invalid_argument);
}

}  // namespace
}  // namespace duel::lab
