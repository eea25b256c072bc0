#include "app/bench/bench.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/bench/bench_images.h"
#include "app/bench/bench_measure.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "kernels/runtime/error.h"
#include "tests/app/workplace.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::StepKind;
using nlohmann::json;

/// As little as there can be.
BenchOptions quick(const Workplace& place) {
  BenchOptions options = defaults_of<BenchOptions>(mnist_gan());
  options.batch_sizes = {64};
  options.rounds = 2;
  options.iterations = 1;
  options.threads = 2;
  options.result.file = place.path() / "bench.json";
  return options;
}

json result_of(const BenchOptions& options) {
  REQUIRE(bench(options) == ExitCode::ok);
  return json::parse(content_of(options.result.file));
}

void check_measurement(const json& one) {
  CHECK(one["rounds"] == 2);
  CHECK(one["seconds_of_iteration_by_round"].size() == 2);
  CHECK(one["iterations_of_round"] == 1);
  CHECK(one["images"] == 59'968);  // 937 whole batches
  CHECK(one["parameters"] == 1'510'032 + 533'505);
  CHECK(one["least_work"]["flops"] == 933'560'320);
  CHECK(one["epoch"]["images"] == 60'000);
  CHECK(one["device_bytes"].get<double>() > 59'968 * 784 + 12 * 2'043'537.0);
  CHECK(one["config"]["batch_size"] == 64);
  const double seconds = one["seconds_of_iteration"]["median"];
  const double floor = one["floor_seconds"];
  CHECK(seconds > 0);
  CHECK(floor > 0);
  CHECK(std::abs(one["time_over_floor"].get<double>() - seconds / floor) < 1e-9 * seconds / floor);
  CHECK(std::abs(one["iterations_per_second"].get<double>() * seconds - 1) < 1e-9);
  CHECK(std::abs(one["images_per_second"].get<double>() * seconds / 64 - 1) < 1e-9);
  CHECK(std::abs(one["epoch"]["seconds"].get<double>() / seconds / (60'000.0 / 64) - 1) < 1e-9);
}

double sum_of_shares(const json& one) {
  double sum = 0;
  for (const json& range : one["kernel_by_kernel"]["ranges"]) sum += range["share"].get<double>();
  return sum;
}

}  // namespace

TEST_CASE("bench measures both steps and writes everything") {
  Workplace place;
  BenchOptions options = quick(place);
  options.steps = {StepKind::fused, StepKind::plain};
  const json result = result_of(options);
  CHECK(result["format"] == "mnist_gan bench 1");
  CHECK(result["version"] == DUEL_VERSION);
  CHECK(result["device"]["name"].is_string());
  CHECK(result["preset"] == "default");
  CHECK(result["ceilings_per_second"]["flops"].get<double>() > 0);
  CHECK(result["ceilings_per_second"]["copy_bytes"].get<double>() > 0);
  CHECK(result["skipped"].empty());
  REQUIRE(result["measurements"].size() == 2);
  const json& fused = result["measurements"][0];
  const json& plain = result["measurements"][1];
  CHECK(fused["step"] == "fused");
  CHECK(plain["step"] == "plain");
  for (const json& one : {fused, plain}) {
    check_measurement(one);
    CHECK(std::abs(sum_of_shares(one) - 1) < 1e-12);
  }
  CHECK(fused["kernel_by_kernel"]["ranges"].size() <= fused["graph_nodes"].get<std::size_t>());
  CHECK(plain["graph_nodes"].get<int>() > fused["graph_nodes"].get<int>());

  const std::string text = place.out.str();
  CHECK(contains(text, "fused, batch 64, width 1: shares of an iteration run kernel by kernel"));
  CHECK(contains(text, "no dataset is read"));
  CHECK(contains(text, "933.6"));
  CHECK(contains(text, "calculated from it"));
}

TEST_CASE("bench prints CSV alone where that is asked for: a line for each shape, the numbers of the JSON") {
  Workplace place;
  BenchOptions options = quick(place);
  options.batch_sizes = {8, 16};
  options.rounds = 1;
  options.result = {.format = duel::ResultFormat::csv, .file = {}};
  REQUIRE(bench(options) == ExitCode::ok);
  const std::string csv = place.out.str();
  CHECK(csv.starts_with("step,batch_size,width,parameters,rounds,seconds,"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  CHECK(contains(csv, "\nfused,8,1,2043537,1,"));
  CHECK(contains(csv, "\nfused,16,1,2043537,1,"));
}

TEST_CASE("bench --scale fits exponents over the batches and widths that are given") {
  Workplace place;
  BenchOptions options = quick(place);
  options.scale = true;
  options.batch_sizes = {8, 16};
  options.widths = {1, 2};
  options.rounds = 1;
  const json result = result_of(options);
  REQUIRE(result["measurements"].size() == 4);
  CHECK(result["measurements"][3]["width"] == 2);
  CHECK(result["measurements"][3]["config"]["generator_widths"] == json({256, 512, 1024, 2048}));
  REQUIRE(result["scaling"].size() == 1);
  CHECK(result["scaling"][0]["time_in_width"].size() == 2);
  CHECK(result["scaling"][0]["time_in_batch"][1]["exponent"].is_number());
  CHECK(contains(place.out.str(), "exponent in width"));
  CHECK(!contains(place.out.str(), "kernel by kernel"));
}

TEST_CASE("a shape that memory does not hold is left out with a reason - where none is left, that is an error") {
  Workplace place;
  BenchOptions options = quick(place);
  options.batch_sizes = {65'536};
  options.widths = {53};
  try {
    bench(options);
    FAIL("expected CudaError");
  } catch (const duel::CudaError& error) {
    CHECK(exit_code_of(error) == ExitCode::cuda);
    CHECK(contains(error.what(), "fused, batch 65536, width 53: needs "));
    CHECK(contains(error.what(), " of device memory, "));
  }
  CHECK(!fs::exists(options.result.file));
}

TEST_CASE("bench refuses what it could not finish before it measures anything") {
  Workplace place;
  BenchOptions options = quick(place);
  options.result.file = place.path() / "no" / "bench.json";
  CHECK_THROWS_AS(bench(options), std::invalid_argument);
  options.result.file = place.path();
  CHECK_THROWS_AS(bench(options), std::invalid_argument);
  options.result.file = place.path() / "notes.json";  // no result of ours
  std::ofstream(options.result.file) << R"({"format": "mnist_gan evaluate 1"})";
  CHECK_THROWS_AS(bench(options), std::invalid_argument);
  options = quick(place);
  options.device = "gpu";
  CHECK_THROWS_AS(bench(options), std::invalid_argument);
  options = quick(place);
  options.kernels.chosen = {"adam=four_values_per_thread"};  // the fused step has no such op
  CHECK_THROWS_AS(bench(options), UsageError);
  options.kernels.chosen = {"linear_forward=nonsense"};
  CHECK_THROWS_AS(bench(options), UsageError);
  CHECK(!fs::exists(options.result.file));
}

TEST_CASE("made-up images are always the same, and each another") {
  const duel::NetworkConfig networks;
  const duel::ImageSet images = made_up_images(networks, 100), more = made_up_images(networks, 200);
  REQUIRE(images.pixels.size() == 100 * 784);
  CHECK(std::equal(images.pixels.begin(), images.pixels.end(), more.pixels.begin()));
  for (int i = 0; i + 1 < 100; ++i) {
    const auto first = images.pixels.begin() + i * 784;
    CHECK(!std::equal(first, first + 784, first + 784));
    CHECK(*std::max_element(first, first + 784) > 200);
    CHECK(*std::min_element(first, first + 784) == 0);
  }
  const duel::NetworkConfig coloured{.image_size = 8, .channels = 3};
  const duel::ImageSet planes = made_up_images(coloured, 5);
  REQUIRE(planes.pixels.size() == 5 * 8 * 8 * 3);
  const auto second = planes.pixels.begin() + 8 * 8 * 3;
  CHECK((std::equal(second, second + 64, second + 64) && std::equal(second, second + 64, second + 128)));
}
