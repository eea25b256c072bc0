// The gate of `kernel_lab counters`: what it prints, records and notices.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/io/data_error.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"
#include "tests/support/thrown.h"
#include "tools/kernel_lab/counters.h"
#include "tools/kernel_lab/traffic_record.h"

namespace {

using namespace duel::lab;
using duel::test::contains;
using duel::test::TemporaryFolder;

// Every counter has a value of its own.
CountedKernel kernel(const std::string& op, const std::string& variant, const std::string& name) {
  CountedKernel result{op, variant, "64 x 100, \"odd\"", name, "4x1x1 128x1x1", {}};
  std::uint64_t value = 1000;
  for (const Counter& counter : kCounters) counter.of(result.traffic) = value++;
  return result;
}

std::vector<CountedKernel> two_kernels() {
  return {kernel("linear", "tiles", "product_kernel<64, 32>"), kernel("adam", "flat", "adam_kernel")};
}

std::string recorded_text(const std::vector<CountedKernel>& kernels) {
  std::ostringstream text;
  write_recorded(text, {"compiler 1.2", kernels});
  return text.str();
}

std::string error_of(const std::filesystem::path& file) {
  return duel::test::thrown_message<duel::DataError>([&] { read_recorded(file); });
}

CountedCase counted_case() {
  CountedKernel one = kernel("linear", "tiles", "product_kernel");
  one.case_name = "64 x 100";
  one.traffic = {};
  one.traffic.launches = 1;
  one.traffic.blocks = 4;
  one.traffic.barriers = 28;
  one.traffic.global_reads = {100, 3200, 12800, 1600, 400};
  one.traffic.global_writes = {10, 320, 1280, 40, 40};
  one.traffic.shared_reads = {50, 1600, 6400, 150, 50};
  one.traffic.requests = 160;
  one.traffic.active_lanes = 4000;
  one.traffic.lane_slots = 5000;
  CountedCase result;
  result.kernels = {one};
  result.work.bytes.read = 6656;
  result.work.bytes.written = 1536;
  return result;
}

// The cell of that column in that row.
std::string cell(const std::string& column, std::size_t row) {
  std::istringstream csv(traffic_report({counted_case()}).table.csv());
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(csv, line);) {
    std::istringstream cells(line);
    lines.emplace_back();
    for (std::string one; std::getline(cells, one, ',');) lines.back().push_back(one);
  }
  const auto found = std::find(lines.at(0).begin(), lines.at(0).end(), column);
  return lines.at(row + 1).at(static_cast<std::size_t>(found - lines[0].begin()));
}

Filter only(const std::string& op, const std::string& variant = "") {
  Filter filter;
  filter.ops = {op};
  if (!variant.empty()) filter.variants = {variant};
  return filter;
}

}  // namespace

TEST_CASE("recorded traffic is read as it was written") {
  const TemporaryFolder folder;
  const RecordedTraffic read = read_recorded(folder.write("traffic.csv", recorded_text(two_kernels())));
  CHECK(read.compiler == "compiler 1.2");
  REQUIRE(read.kernels.size() == 2);
  CHECK(read.kernels[0].op == "linear");
  CHECK(read.kernels[0].case_name == "64 x 100, \"odd\"");
  CHECK(read.kernels[0].kernel == "product_kernel<64, 32>");
  CHECK(read.kernels[0].launch == "4x1x1 128x1x1");
  CHECK(recorded_text(read.kernels) == recorded_text(two_kernels()));
}

TEST_CASE("what some ops move is recorded anew in the places that they have among all, and what is gone goes") {
  const auto of_op = [](const std::string& op, std::uint64_t barriers) {
    CountedKernel one = kernel(op, "tiles", "product_kernel");
    one.traffic.barriers = barriers;
    return one;
  };
  const RecordedTraffic before{"compiler 1.2", {of_op("gone", 1), of_op("second", 1), of_op("third", 1)}};
  const RecordedTraffic after =
      with_counted(before, {of_op("first", 2), of_op("second", 2), of_op("second", 3)}, {"first", "second", "third"});
  CHECK(after.compiler == "compiler 1.2");
  std::string found;
  for (const CountedKernel& one : after.kernels) found += one.op + " " + std::to_string(one.traffic.barriers) + ", ";
  CHECK(found == "first 2, second 2, second 3, third 1, ");
}

TEST_CASE("of some ops alone all that is recorded must still be launched, and so must ops that are gone") {
  const auto of_op = [](const std::string& op) { return kernel(op, "tiles", "product_kernel"); };
  const RecordedTraffic all{"compiler 1.2", {of_op("gone"), of_op("first"), of_op("second")}};
  const RecordedTraffic some = of_ops(all, {"second"}, {"first", "second"});
  REQUIRE(some.kernels.size() == 2);
  CHECK((some.kernels[0].op == "gone" && some.kernels[1].op == "second"));
  CHECK(compare_with_recorded({of_op("second")}, some, true).size() == 1);
  CHECK(compare_with_recorded({}, some, true).size() == 2);
}

TEST_CASE("of each variant the smallest case is the one on which all its kernels together ask least") {
  auto large = two_kernels(), small = large;
  small[0].case_name = small[1].case_name = "small";
  for (CountedKernel& one : small) one.traffic.requests = 5;
  for (CountedKernel& one : large) one.traffic.requests = 8;
  CountedKernel more = small[0];  // of the same case: 10 together
  more.kernel = "further_kernel";
  std::vector<CountedKernel> all = {large[0], large[1], small[0], small[1], more};
  const RecordedTraffic chosen = smallest_cases({"", all});
  REQUIRE(chosen.kernels.size() == 2);
  CHECK(chosen.kernels[0].case_name == large[0].case_name);
  CHECK(chosen.kernels[1].case_name == "small");
  CHECK(chosen.kernels[1].op == small[1].op);
}

TEST_CASE("every counter has its own name and its own number") {
  std::vector<std::string> names;
  simt::KernelTraffic traffic;
  std::vector<std::uint64_t*> places;
  for (const Counter& counter : kCounters) {
    CHECK(std::count(names.begin(), names.end(), counter.name) == 0);
    CHECK(std::count(places.begin(), places.end(), &counter.of(traffic)) == 0);
    names.emplace_back(counter.name);
    places.push_back(&counter.of(traffic));
  }
}

TEST_CASE("a file that holds no recorded traffic is refused by name and line") {
  const TemporaryFolder folder;
  CHECK(contains(error_of(folder.path() / "missing.csv"), "missing.csv, line 1"));
  CHECK(contains(error_of(folder.write("traffic.csv", "nonsense\n")), "line 1"));
  CHECK(contains(error_of(folder.write("traffic.csv", "# compiler: x\nnonsense\n")), "line 2"));
  const std::string good = recorded_text(two_kernels());
  CHECK(contains(error_of(folder.write("traffic.csv", good + "one,two\n")), "line 5: expected 35 cells, found 2"));
  std::string changed = good;
  changed.replace(changed.find(",1003,"), 6, ",1oo3,");
  CHECK(contains(error_of(folder.write("traffic.csv", changed)), "line 3: expected a whole number, found '1oo3'"));
  CHECK(contains(error_of(folder.write("traffic.csv", changed)), "counters --record"));
}

TEST_CASE("the same counts are no difference") {
  CHECK(compare_with_recorded(two_kernels(), {"compiler 1.2", two_kernels()}, true).empty());
}

TEST_CASE("any counter that changes is named with kernel, old and new number") {
  for (const Counter& counter : kCounters) {
    auto now = two_kernels();
    const std::uint64_t was = counter.of(now[1].traffic)++;
    const auto differences = compare_with_recorded(now, {"", two_kernels()}, true);
    REQUIRE(differences.size() == 1);
    CHECK(contains(differences[0], "adam_kernel"));
    CHECK(contains(differences[0],
                   std::string(counter.name) + " was " + std::to_string(was) + ", is " + std::to_string(was + 1)));
  }
}

TEST_CASE("kernels that come or go are differences, unless nobody asked for them") {
  const auto both = two_kernels();
  const std::vector<CountedKernel> first = {both[0]};
  CHECK(compare_with_recorded(both, {"", first}, true) ==
        std::vector<std::string>{"adam flat, 64 x 100, \"odd\", adam_kernel <4x1x1 128x1x1>: not recorded"});
  const auto gone = compare_with_recorded(first, {"", both}, true);
  REQUIRE(gone.size() == 1);
  CHECK(contains(gone[0], "adam_kernel"));
  CHECK(contains(gone[0], "no longer launched"));
  CHECK(compare_with_recorded(first, {"", both}, false).empty());

  const std::vector<CountedKernel> two_of_a_case = {both[0], kernel("linear", "tiles", "other_kernel")};
  CHECK(compare_with_recorded(first, {"", two_of_a_case}, false).size() == 1);
}

TEST_CASE("the table says what requests cost") {
  enum Row : std::size_t { kernel_reads, kernel_writes, all_reads, all_writes };
  CHECK(cell("kernel", kernel_reads) == "product_kernel <4x1x1 128x1x1>");
  CHECK(cell("access", kernel_reads) == "reads");
  CHECK(cell("asked KiB", kernel_reads) == "12.5");
  CHECK(cell("moved KiB", kernel_reads) == "50.0");
  CHECK(cell("sectors/request", kernel_reads) == "16.00");
  CHECK(cell("least sectors/request", kernel_reads) == "4.00");
  CHECK(cell("conflicts/request", kernel_reads) == "2.00");
  CHECK(cell("barriers/block", kernel_reads) == "7.0");
  CHECK(cell("active lanes %", kernel_reads) == "80.0");
  CHECK(cell("access", kernel_writes) == "writes");
  CHECK(cell("sectors/request", kernel_writes) == "4.00");
  CHECK(cell("conflicts/request", kernel_writes) == "0.00");
  CHECK(cell("kernel", all_reads) == "all kernels");
  CHECK(cell("moved KiB", all_reads) == "50.0");
  CHECK(cell("least KiB", all_reads) == "6.5");
  CHECK(cell("least KiB", all_writes) == "1.5");
}

TEST_CASE("JSON has counts and what follows from them") {
  const std::string json = traffic_report({counted_case()}).json;
  CHECK(contains(json, "\"global_read_sectors\": 1600"));
  CHECK(contains(json, "\"sectors_per_read_request\": 16.0"));
  CHECK(contains(json, "\"bank_conflicts_per_read_request\": 2.0"));
  CHECK(contains(json, "\"bytes_read\": 51200.0"));
  CHECK(contains(json, "\"active_lanes\": 0.8"));
}

TEST_CASE("options that exclude each other are refused") {
  const Lab lab = open_lab({});
  std::ostringstream out;
  CountersOptions options;
  options.check = options.record = true;
  CHECK_THROWS_AS(run_counters(options, lab, out), std::invalid_argument);
  options.check = false;
  options.smallest = true;
  CHECK_THROWS_WITH(run_counters(options, lab, out), Catch::Contains("--smallest is of --check"));
  options.smallest = false;
  const TemporaryFolder folder;
  options.recorded = folder.path() / "source.cu";  // no recorded counts
  std::ofstream(options.recorded) << "__global__";
  CHECK_THROWS_AS(run_counters(options, lab, out), std::invalid_argument);
  CHECK(std::filesystem::file_size(options.recorded) == 10);
  options.recorded.clear();
  options.filter.case_text = "64";
  CHECK_THROWS_WITH(run_counters(options, lab, out), Catch::Contains("expected no --variant or --case"));
}

#ifdef DUEL_CHECKED

TEST_CASE("counting, recording and checking agree, and a changed number fails the check") {
  const TemporaryFolder folder;
  const Lab lab = open_lab({});
  std::ostringstream out;
  CountersOptions options;
  options.recorded = folder.path() / "recorded.csv";
  options.record = true;
  CHECK(run_counters(options, lab, out) == kAllWell);
  options.record = false;
  options.filter = only("adam");
  CHECK(run_counters(options, lab, out) == kAllWell);
  CHECK(contains(out.str(), "flat_update_kernel"));
  CHECK(!contains(out.str(), "adam_chunk_kernel"));  // no GPU runs it
  options.check = true;
  CHECK(run_counters(options, lab, out) == kAllWell);

  const std::vector<std::string> all_ops = options.filter.ops;
  options.filter.ops = {"transpose"};
  options.smallest = true;
  out.str("");
  CHECK(run_counters(options, lab, out) == kAllWell);
  CHECK(contains(out.str(), "1 kernels move what"));  // of one variant for GPUs, on the smallest of three cases
  options.smallest = false;
  options.filter.ops = all_ops;

  auto recorded = read_recorded(options.recorded);
  for (CountedKernel& one : recorded.kernels) ++one.traffic.global_reads.sectors;
  const auto check_against = [&](const RecordedTraffic& changed) {
    std::ofstream file(options.recorded);
    write_recorded(file, changed);
    file.close();
    out.str("");
    return run_counters(options, lab, out);
  };
  CHECK(check_against(recorded) == kFoundWrong);
  CHECK(contains(out.str(), "global_read_sectors was"));
  CHECK(contains(out.str(), "kernel_lab counters --record"));
  recorded.compiler = "another compiler";  // whose code may differ: shown, but no failure
  CHECK(check_against(recorded) == kAllWell);
  CHECK(contains(out.str(), "global_read_sectors was"));
  CHECK(contains(out.str(), "another compiler"));
}

TEST_CASE("an op, a variant or a case that nobody knows is refused") {
  const Lab lab = open_lab({});
  CHECK_THROWS_AS(count_traffic(lab, only("no_such_op")), std::invalid_argument);
  CHECK_THROWS_AS(count_traffic(lab, only("adam", "no_such_variant")), std::invalid_argument);
  CHECK_THROWS_AS(count_traffic(lab, only("adam", "chunk_per_thread")), std::invalid_argument);
  Filter filter;
  filter.case_text = "no such case";
  CHECK_THROWS_AS(count_traffic(lab, filter), std::invalid_argument);
}

#else

TEST_CASE("a build that cannot count says how to get one that can") {
  std::string message;
  try {
    count_traffic(open_lab({}), only("adam"));
  } catch (const std::logic_error& error) {
    message = error.what();
  }
  CHECK(contains(message, "cpu-race"));
}

#endif
