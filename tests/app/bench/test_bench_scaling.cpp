#include "app/bench/bench_scaling.h"

#include <cmath>

#include "app/bench/bench_report.h"
#include "tests/support/catch.h"

namespace {

using namespace duel::app;
using duel::StepKind;

Measurement measured(StepKind step, int batch, int width, double seconds) {
  Measurement one;
  one.shape = {step, batch, width};
  one.config.batch_size = batch;
  one.seconds = {seconds};
  one.work = {1e9, 1e8};
  one.ceiling_flops = 1e12;
  one.ceiling_bytes = 1e10;
  return one;
}

bool is_close(double a, double b) {
  return std::abs(a - b) < 1e-12;
}

}  // namespace

TEST_CASE("exponents of powers are found exactly") {
  CHECK(is_close(*fitted_exponent({1, 2, 4}, {3, 12, 48}), 2));
  CHECK(is_close(*fitted_exponent({32, 64}, {5, 5}), 0));
  CHECK(is_close(*fitted_exponent({1, 10, 100}, {7, 0.7, 0.07}), -1));
  CHECK(!fitted_exponent({4}, {3}));
  CHECK(!fitted_exponent({4, 4}, {3, 5}));
  CHECK(!fitted_exponent({}, {}));
}

TEST_CASE("time is sorted by batch and width - shapes that were left out do not count") {
  std::vector<Measurement> all;
  for (const int batch : {64, 32, 128}) {
    for (const int width : {2, 1, 4}) {
      if (batch == 128 && width == 4) continue;
      all.push_back(measured(StepKind::fused, batch, width, 1e-6 * batch * width * width));
    }
  }
  all.push_back(measured(StepKind::plain, 32, 1, 1));
  const std::vector<Scaling> scalings = scaling_of(all);
  REQUIRE(scalings.size() == 2);
  const Scaling& fused = scalings[0];
  CHECK(fused.batch_sizes == std::vector<int>{32, 64, 128});
  CHECK(fused.widths == std::vector<int>{1, 2, 4});
  CHECK(is_close(fused.at(1, 2), 64e-6 * 16));
  CHECK(std::isnan(fused.at(2, 2)));
  for (const auto& exponent : fused.width_exponents) CHECK(is_close(*exponent, 2));
  for (const auto& exponent : fused.batch_exponents) CHECK(is_close(*exponent, 1));
  CHECK(scalings[1].step == StepKind::plain);
  CHECK(!scalings[1].batch_exponents[0]);

  BenchResult result;
  result.measurements = all;
  result.skipped.push_back({{StepKind::fused, 128, 4}, "needs more memory"});
  const std::string report = bench_report(result, true);
  CHECK(report.find("exponent in batch") != std::string::npos);
  CHECK(report.find("Left out:\n  fused, batch 128, width 4: needs more memory\n") != std::string::npos);
}

TEST_CASE("the floor is the longer one of computing and of moving bytes") {
  Measurement one = measured(StepKind::fused, 64, 1, 0.05);
  CHECK(is_close(one.floor_seconds(), 0.01));  // 100 MB at 10 GB/s; computing takes a millisecond
  CHECK(is_close(one.time_over_floor(), 5));
  one.ceiling_flops = 1e10;
  CHECK(is_close(one.floor_seconds(), 0.1));
  CHECK(is_close(one.images_per_second(), 64 / 0.05));
  CHECK(is_close(one.epoch_seconds(), 60000 * 0.05 / 64));
  one.config.discriminator_steps = 2;
  CHECK(is_close(one.images_per_second(), 2 * 64 / 0.05));
}
