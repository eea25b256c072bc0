#include "tools/kernel_lab/compare.h"

#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/io/data_error.h"
#include "tests/support/catch.h"
#include "tests/tools/kernel_lab/lab_test.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::lab {
namespace {

// Five samples about `median` microseconds, quartiles one per cent away.
Summary around(double median) {
  return {5, 0.98 * median, 0.99 * median, median, 1.01 * median, 1.02 * median};
}

BenchRow row(const std::string& variant, double median) {
  BenchRow result{.op = "adam", .variant = variant, .case_name = "1, \"big\"", .shapes = "1"};
  if (median > 0) {
    result.time = around(median);
    result.ratio_to_first = around(1);
  } else {
    result.wrong = "p[0, 0] is wrong\n";
  }
  return result;
}

BenchResult result_of(std::vector<BenchRow> rows) {
  BenchResult result;
  result.conditions = {.device = "cuda:0",
                       .description = "a GPU",
                       .driver = 13000,
                       .runtime = 13000,
                       .compiler = "clang",
                       .build_type = "Release",
                       .date = "2026-01-01T00:00:00Z"};
  result.rows = std::move(rows);
  return result;
}

class Files {
 public:
  Ran compare(const BenchResult& before, const BenchResult& after, std::vector<std::string> more = {}) const {
    const std::string old_file = folder_.write("old.json", to_json(before));
    const std::string new_file = folder_.write("new.json", to_json(after));
    std::vector<std::string> arguments = {"compare", old_file, new_file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_kernel_lab(arguments);
  }
  Ran compare_text(const std::string& text) const {
    const std::string good = folder_.write("good.json", to_json(result_of({row("a", 1)})));
    return run_kernel_lab({"compare", good, folder_.write("bad.json", text)});
  }
  std::string path(const std::string& name) const { return folder_.path() / name; }

 private:
  TemporaryFolder folder_;
};

TEST_CASE("compare: outside the noise only") {
  CHECK(judge(around(100), around(90), 0.01) == Change::faster);
  CHECK(judge(around(100), around(110), 0.01) == Change::slower);
  CHECK(judge(around(100), around(101.5), 0.01) == Change::none);  // quartiles overlap
  CHECK(judge(around(100), around(100), 0.01) == Change::none);
  CHECK(judge(around(100), around(110), 0.2) == Change::none);  // below the threshold
  // Quartiles apart, but the earlier times scatter by more than the change.
  CHECK(judge({9, 50, 80, 119, 120, 130}, {9, 121, 121, 122, 123, 124}, 0.01) == Change::none);
}

TEST_CASE("compare: faster, slower, within the noise, gone, new, wrong, right") {
  const Files files;
  const auto before =
      result_of({row("a", 100), row("b", 100), row("c", 100), row("d", 100), row("e", 100), row("f", 0)});
  const auto after = result_of({row("b", 150), row("a", 50), row("c", 100.5), row("e", 0), row("f", 3), row("g", 7)});
  const Ran ran = files.compare(before, after, {"--format", "json"});
  CHECK(ran.code == 0);
  std::map<std::string, std::string> verdicts;
  const auto json = nlohmann::json::parse(ran.out);
  for (const auto& one : json.at("rows")) verdicts[one.at("variant")] = one.at("verdict");
  CHECK(verdicts == std::map<std::string, std::string>{{"a", "faster"},
                                                       {"b", "SLOWER"},
                                                       {"c", "within noise"},
                                                       {"d", "missing now"},
                                                       {"e", "WRONG now"},
                                                       {"f", "right now"},
                                                       {"g", "new"}});
  CHECK(json.at("not_the_same").empty());
  CHECK(json.at("rows").at(0).at("relative_change") == -0.5);
  CHECK(json.at("rows").at(3).at("now_us").is_null());

  const Ran table = files.compare(before, after);
  CHECK(contains(table.out, "1 SLOWER, 1 faster, 1 within noise, 1 WRONG now, 1 right now, 1 missing now, 1 new"));
  CHECK(contains(table.out, "+50.0  SLOWER"));
  CHECK_FALSE(contains(table.out, "WARNING"));
}

TEST_CASE("compare: --fail-on-slower") {
  const Files files;
  const auto code = [&](double median) {
    return files.compare(result_of({row("a", 100)}), result_of({row("a", median)}), {"--fail-on-slower"}).code;
  };
  CHECK(code(100) == 0);
  CHECK(code(50) == 0);
  CHECK(code(150) == 1);
  CHECK(code(0) == 1);  // wrong
  CHECK(files.compare(result_of({row("a", 100)}), result_of({row("a", 150)})).code == 0);
}

TEST_CASE("compare: another device, build or cache is said loudly") {
  const Files files;
  const auto before = result_of({row("a", 100)});
  auto after = before;
  after.conditions.device = "cpu";
  after.conditions.build_type = "Debug";
  after.conditions.cold = true;
  const Ran ran = files.compare(before, after);
  CHECK(contains(ran.out, "WARNING: not the same device: cuda:0 (a GPU) before, cpu (a GPU) now\n"));
  CHECK(contains(ran.out, "WARNING: not the same build type: Release before, Debug now\n"));
  CHECK(contains(ran.out, "WARNING: not the same cold cache: no before, yes now\n"));
  CHECK_FALSE(contains(ran.out, "not the same compiler"));
}

TEST_CASE("results: everything comes back from the file") {
  const TemporaryFolder folder;
  auto result = result_of({row("a", 0.125), row("b", 0)});
  result.conditions.is_cpu = result.conditions.checked = result.conditions.cold = true;
  result.conditions.noise = 0.25;
  result.conditions.copy_bandwidth = 1e9;
  result.rows[0].is_settled = true;
  result.rows[0].work = {{.others = 3}, {1, 2}};
  const BenchResult read = read_bench_result(folder.write("r.json", to_json(result)));
  CHECK(to_json(read) == to_json(result));
  CHECK(read.rows.at(0).time.median == 0.125);
  CHECK(read.rows.at(0).work.flops.all() == 3);
  CHECK(read.rows.at(1).wrong == "p[0, 0] is wrong\n");
}

TEST_CASE("compare: malformed files are refused with the place and how to mend it") {
  const Files files;
  auto json = nlohmann::ordered_json::parse(to_json(result_of({row("a", 100), row("b", 100)})));
  const auto refusal = [&](const std::string& text) {
    const Ran ran = files.compare_text(text);
    CHECK(ran.code == 3);
    CHECK(ran.out.empty());
    CHECK(contains(ran.err, "bad.json: "));
    CHECK(contains(ran.err, "kernel_lab bench --out FILE.json"));
    return ran.err;
  };
  CHECK(contains(refusal("{\n\"format\":"), "line 2"));
  CHECK(contains(refusal(""), "is no JSON"));
  CHECK(contains(refusal("[]"), "expected an object with \"format\""));
  CHECK(contains(refusal("{\"format\": \"something else\"}"), "/format is \"something else\""));

  const auto changed = [&](const char* pointer, const nlohmann::ordered_json& value) {
    auto copy = json;
    copy[nlohmann::ordered_json::json_pointer(pointer)] = value;
    return refusal(copy.dump());
  };
  CHECK(contains(changed("/rows", 3), "/rows is 3; expected an array"));
  CHECK(contains(changed("/rows/1/op", 3), "/rows/1/op is 3; expected a text"));
  CHECK(contains(changed("/rows/1/variant", "a"), "/rows/1 is object; expected one row for each op"));
  CHECK(contains(changed("/rows/0/time_us/median", "fast"), "/rows/0/time_us/median is \"fast\"; expected a number"));
  CHECK(contains(changed("/rows/0/time_us/median", -1), "not negative"));
  CHECK(contains(changed("/rows/0/time_us/median", 1), "/rows/0/time_us is object; expected samples"));
  CHECK(contains(changed("/rows/0/time_us/count", 0.5), "a whole number"));
  CHECK(contains(changed("/rows/0/wrong", ""), "/rows/0/wrong"));
  CHECK(contains(changed("/conditions/cold", 1), "/conditions/cold is 1; expected true or false"));
  auto without = json;
  without["rows"][0].erase("time_us");
  CHECK(contains(refusal(without.dump()), "/rows/0 is object; expected an object with \"time_us\""));

  REQUIRE(mkfifo(files.path("pipe.json").c_str(), 0600) == 0);  // which nobody writes to
  CHECK(run_kernel_lab({"compare", files.path("pipe.json"), files.path("pipe.json")}).code == 3);
  const Ran gone = run_kernel_lab({"compare", files.path("none.json"), files.path("none.json")});
  CHECK(gone.code == 3);
  CHECK(contains(gone.err, "none.json: cannot be read"));
  CHECK(run_kernel_lab({"compare", files.path("."), files.path(".")}).code == 3);
}

}  // namespace
}  // namespace duel::lab
