#include "engine/measure/result_output.h"

#include <sstream>
#include <tuple>

#include "engine/measure/rows_csv.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using test::TemporaryFolder;

const ResultForms kForms{.text = "text\n", .csv = "a,b\n1,2\n", .json = R"({"format":"tool try 1"})"};

std::string printed(const ResultOptions& options, const std::string& title = "tool try") {
  ResultOutput output(options, title, "a,b\n", ResultFormat::json);
  std::ostringstream out;
  output.begin("begun\n", out);
  output.deliver(kForms, out);
  return out.str();
}

TEST_CASE("results: standard output has one form alone, the table with what comes before the work") {
  CHECK(printed({}) == "begun\ntext\n");
  CHECK(printed({.format = ResultFormat::table, .file = {}}) == "begun\ntext\n");
  CHECK(printed({.format = ResultFormat::csv, .file = {}}) == kForms.csv);
  CHECK(printed({.format = ResultFormat::json, .file = {}}) == kForms.json);
}

TEST_CASE("results: a file has the form of its ending, or that which was asked for, and the table is printed") {
  const TemporaryFolder folder;
  const std::tuple<const char*, std::optional<ResultFormat>, std::string> files[] = {
      {"r.csv", {}, kForms.csv},
      {"r.json", {}, kForms.json},
      {"r", {}, kForms.json},
      {"r.txt", {}, "tool try\n\nbegun\ntext\n"},
      {"csv.json", ResultFormat::csv, kForms.csv},
      {"table", ResultFormat::table, "tool try\n\nbegun\ntext\n"}};
  for (const auto& [name, format, content] : files) {
    CAPTURE(name);
    const ResultOptions options{.format = format, .file = folder.path() / name};
    for (int time = 0; time < 2; ++time) {  // an earlier one is replaced
      CHECK(printed(options) == "begun\ntext\n");
      CHECK(folder.read(name) == content);
    }
    if (format.value_or(ResultFormat::json) != ResultFormat::csv && std::string(name) != "r.csv") {
      CHECK_THROWS_AS(printed(options, "tool other"), std::invalid_argument);
    }
  }
}

TEST_CASE("rows of JSON as CSV: names once, numbers as they are, nothing for null") {
  const nlohmann::ordered_json row = {{"name", "a, b"}, {"value", 0.1}, {"yes", true}, {"unknown", nullptr}};
  CHECK(rows_csv(row, {}) == "name,value,yes,unknown\n");
  CHECK(rows_csv(row, {row}) == "name,value,yes,unknown\n\"a, b\",0.1,true,\n");
}

}  // namespace
}  // namespace duel
