#include "tools/kernel_lab/bench.h"

#include <chrono>
#include <sstream>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/thrown.h"
#include "tests/tools/kernel_lab/lab_test.h"
#include "tests/tools/kernel_resources/temporary_folder.h"

namespace duel::lab {
namespace {

BenchOptions small_bench() {
  BenchOptions options;
  options.filter.ops = {"linear_forward"};
  options.filter.case_text = "33 x 65 -> 31, under a head, 1 elements off";
  options.timing.seconds = 0;
  options.cache_bytes = 1 << 20;
  return options;
}

bool is_ordered(const Summary& s) {
  return s.minimum <= s.first_quartile && s.first_quartile <= s.median && s.median <= s.third_quartile &&
         s.third_quartile <= s.maximum;
}

TEST_CASE("bench: right variants get positive times and ordered quartiles, the first one the ratio 1") {
  BenchOptions options = small_bench();
  options.cold = GENERATE(false, true);
  const Lab lab = open_lab({});
  std::ostringstream err;
  const BenchResult result = measure_variants(options, lab, err);
  CHECK(err.str().empty());
  CHECK(result.conditions.cold == options.cold);
  CHECK(result.conditions.copy_bandwidth > 0);
  REQUIRE(result.rows.size() == choose(lab, options.filter).at(0).variants.size());
  for (const BenchRow& row : result.rows) {
    CHECK(row.op == "linear_forward");
    CHECK(row.case_name == options.filter.case_text);
    CHECK(row.wrong.empty());
    CHECK(row.time.count >= options.timing.least_rounds);
    CHECK(row.time.count == result.rows[0].time.count);  // in turn
    CHECK(row.time.minimum > 0);
    CHECK(is_ordered(row.time));
    CHECK(is_ordered(row.ratio_to_first));
    CHECK(row.work.flops.all() == 2.0 * 33 * (65 + 1) * 31);  // and the gradient through the head
    CHECK(row.work.bytes.read == 4.0 * (33 * 65 + 31 * 65 + 31 + 31));
    CHECK(row.work.bytes.written == 2 * 4.0 * 33 * 31);
    CHECK(row.operations_per_second() == row.work.flops.all() * 1e6 / row.time.median);
  }
  const Summary& first = result.rows[0].ratio_to_first;
  CHECK(first.minimum == 1);
  CHECK(first.maximum == 1);
}

TEST_CASE("bench: a wrong variant is never timed") {
  std::ostringstream out, err;
  BenchOptions options = small_bench();
  const Lab lab = lab_with_wrong_variant();
  const BenchResult result = measure_variants(options, lab, err);
  REQUIRE(result.rows.size() >= 2);
  for (const BenchRow& row : result.rows) {
    const bool is_wrong = row.variant == "first_element_lost";
    CHECK(row.wrong.empty() != is_wrong);
    CHECK((row.time.count == 0) == is_wrong);
    if (is_wrong) CHECK(contains(row.wrong, "output[0, 0] is 0"));
  }
  CHECK(run_bench(options, lab, out, err) == kFoundWrong);
  CHECK(contains(out.str(), "WRONG, not timed: linear_forward, variant first_element_lost, case \"33 x 65"));

  options.filter.variants = {"first_element_lost"};
  out.str("");
  options.output.format = Format::csv;
  CHECK(run_bench(options, lab, out, err) == kFoundWrong);
  CHECK(contains(out.str(), "first_element_lost,wrong,-"));
}

TEST_CASE("bench: shapes of training by default, every case on request") {
  BenchOptions options = small_bench();
  options.filter.ops = {"end_iteration"};
  options.filter.case_text = "";
  const Lab lab = open_lab({});
  std::ostringstream err;
  CHECK(measure_variants(options, lab, err).rows.size() == 1);
  options.all_cases = true;
  CHECK(measure_variants(options, lab, err).rows.size() == choose(lab, options.filter).at(0).cases.size());
}

TEST_CASE("bench: the table says what it is about - the result comes back from its file") {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "bench.json";
  const Ran ran = run_kernel_lab({"bench", "--op", "end_iteration", "--seconds", "0", "--cache-bytes", "100000",
                                  "--threads", "2", "--cold", "--out", file});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "cold cache"));
#ifdef DUEL_CPU_DEVICE
  CHECK(contains(ran.out, "CPU device, 2 threads: times say nothing about a GPU"));
#endif
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 120);

  const BenchResult result = read_bench_result(file);
  REQUIRE(result.rows.size() == 1);
  CHECK(result.conditions.cold);
  CHECK(result.conditions.seconds == 0);
  CHECK(result.conditions.device == open_lab({}).device.name);
  CHECK_FALSE(result.conditions.compiler.empty());
  CHECK(result.conditions.date.size() == 20);
  CHECK(contains(ran.out, number_text(result.rows[0].time.median, 2)));
}

// Sleeps in the stream for so many milliseconds.
class Sleep : public PreparedCase {
 public:
  explicit Sleep(int milliseconds) : milliseconds_(milliseconds) {}
  void launch(StreamView stream) override {
    ++launches;
    check(cudaLaunchHostFunc(
        stream.get(),
        [](void* self) {
          std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<Sleep*>(self)->milliseconds_));
        },
        this));
  }
  int launches = 0;

 private:
  int milliseconds_;
};

TEST_CASE("bench: shapes of one's own, every combination, a column for each axis") {
  BenchOptions options = small_bench();
  options.filter = {{"linear_forward"}, {}, ""};
  options.shapes = {parse_axis_sizes("batch=3,5"), parse_axis_sizes("in=2..7"), parse_axis_sizes("out=9")};
  const Lab lab = open_lab({});
  std::ostringstream err;
  const BenchResult result = measure_variants(options, lab, err);
  const std::size_t variants = choose(lab, options.filter).at(0).variants.size();
  REQUIRE(result.rows.size() <= 2 * 3 * variants);
  REQUIRE(!result.rows.empty());
  CHECK(result.rows.front().case_name == "batch=3 in=2 out=9");
  CHECK(result.rows.back().case_name == "batch=5 in=7 out=9");
  for (const BenchRow& row : result.rows) CHECK(row.wrong.empty());
  CHECK(to_json(result).find("\"sizes\"") != std::string::npos);

  std::ostringstream out;
  options.output.format = Format::csv;
  options.verifies = false;
  CHECK(run_bench(options, open_lab({}), out, err) == kAllWell);
  CHECK(out.str().find("op,case,variant,batch,in,out,median us") != std::string::npos);
}

TEST_CASE("bench: every op's usual shape is one that it takes") {
  const Lab lab = open_lab({});
  for (const auto& op : lab.ops) {
    CAPTURE(op->name());
    std::vector<int> usual;
    for (const Axis& axis : op->axes()) usual.push_back(axis.usual);
    if (usual.empty()) continue;
    const std::size_t number = op->add_shape(usual);
    CHECK(!preferred_variant(*op, lab.kernels, number).empty());
    CHECK(op->work(number).bytes.all() > 0);
  }
}

TEST_CASE("bench: sizes and axes that cannot be are refused with what was expected") {
  using Catch::Matchers::Contains;
  for (const char* text :
       {"", "batch", "=3", "batch=", "batch=0", "batch=x", "batch=3,", "batch=5..3", "batch=16777217"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_axis_sizes(text), Contains("expected AXIS=SIZE"));
  }
  CHECK(parse_axis_sizes("k=3..20").sizes == std::vector{3, 6, 12, 20});
  const Lab lab = open_lab({});
  const auto refusal = [&lab](const std::string& op, const std::vector<AxisSizes>& shapes) {
    return duel::test::thrown_message<std::invalid_argument>([&] { add_shapes(lab, {{op}, {}, ""}, shapes); });
  };
  CHECK_THAT(refusal("linear_forward", {{"bach", {1}}}), Contains("did you mean batch?; it has batch, in or out"));
  CHECK_THAT(refusal("end_iteration", {{"n", {1}}}), Contains("has one shape only"));
  CHECK_THAT(refusal("linear_forward", {{"in", {1 << 20}}, {"out", {1 << 20}}}),
             Contains("weight would have 1099511627776 values"));
  CHECK_THAT(refusal("smallest_in_rows", {{"k", {100}}}), Contains("expected"));
  CHECK_THROWS_WITH(add_shapes(lab, {}, {{"in", {1}}}), Contains("expected --op too"));
}

TEST_CASE("timing: times are of the launch between the events, in microseconds") {
  Sleep shorter(1), longer(8);
  PreparedCase* const cases[] = {&shorter, &longer};
  const CacheSweep sweep(1 << 16);
  const auto times = time_launches(cases, &sweep, {.noise = 0, .seconds = 0, .least_rounds = 7});
  REQUIRE(times.size() == 2);
  CHECK(times[0].size() >= 7);
  CHECK(times[0].size() == times[1].size());
  CHECK(shorter.launches == longer.launches);
  for (const double time : times[0]) CHECK(time >= 1000);
  for (const double time : times[1]) CHECK(time >= 8000);
}

TEST_CASE("timing: nothing to time takes no time") {
  CHECK(time_launches({}, nullptr, {}).empty());
}

TEST_CASE("cache: a copy moves one half to the other, of the size asked for") {
  const Stream stream;
  CacheSweep sweep(1000 * sizeof(float4));
  CHECK(sweep.copied_bytes() == 2.0 * 1000 * sizeof(float4));
  sweep.evict(stream);
  sweep.launch(stream);
  stream.synchronize();
  CHECK(last_level_cache_bytes() > 0);
}

}  // namespace
}  // namespace duel::lab
