// A million latents against the normal distribution. Seeds are fixed: a bound of five standard deviations of each
// statistic is passed or failed for good, and a right generator fails it once in a million seeds.
#include <algorithm>
#include <cmath>

#include "kernels/kernel_selection.h"
#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/runtime/buffer.h"
#include "tests/support/catch.h"

namespace duel::test {
namespace {

constexpr int kRows = 10000, kColumns = 100;
constexpr double kCount = 1e6;

const std::vector<float>& million_latents() {
  static const std::vector<float> values = [] {
    const Stream stream;
    const std::vector<TrainingClock> clock{{12345, 0, 0}};
    const DeviceBuffer<TrainingClock> device_clock(clock, stream);
    const DeviceBuffer<float> output(static_cast<std::size_t>(kRows) * kColumns);
    KernelSelection().run(latent_normal_op(),
                          LatentNormal<float>{output.matrix(kRows, kColumns), 42, 3, device_clock.vector()}, stream);
    return output.download(stream);
  }();
  return values;
}

double mean_of(auto term) {
  double sum = 0;
  for (const float z : million_latents()) sum += term(static_cast<double>(z));
  return sum / kCount;
}

// Mean of the products of values that lie `distance` apart: 0 for independent ones, with standard deviation 1e-3.
double correlation(std::size_t distance) {
  const auto& z = million_latents();
  double sum = 0;
  for (std::size_t i = distance; i < z.size(); ++i) sum += static_cast<double>(z[i]) * z[i - distance];
  return sum / kCount;
}

// The variances of the first four sample moments of N(0, 1) are 1, 2, 15 and 96, divided by the count.
TEST_CASE("latents: the moments of the normal distribution") {
  CHECK(std::abs(mean_of([](double z) { return z; })) <= 5e-3);
  CHECK(std::abs(mean_of([](double z) { return z * z; }) - 1) <= 5e-3 * std::sqrt(2.0));
  CHECK(std::abs(mean_of([](double z) { return z * z * z; })) <= 5e-3 * std::sqrt(15.0));
  CHECK(std::abs(mean_of([](double z) { return z * z * z * z; }) - 3) <= 5e-3 * std::sqrt(96.0));
}

// Kolmogorov and Smirnov: the largest distance between the distribution functions exceeds 2.5 / sqrt(n) once in
// 130,000 times.
TEST_CASE("latents: the distribution function of the normal distribution") {
  std::vector<float> sorted = million_latents();
  std::sort(sorted.begin(), sorted.end());
  double distance = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double expected = 0.5 * std::erfc(-static_cast<double>(sorted[i]) / std::sqrt(2.0));
    distance = std::max({distance, std::abs(expected - static_cast<double>(i) / kCount),
                         std::abs(expected - static_cast<double>(i + 1) / kCount)});
  }
  CHECK(distance <= 2.5e-3);
  CHECK(sorted.front() < -4.2f);  // the tails are there: the chance that a million values stay above is 1e-6
  CHECK(sorted.back() > 4.2f);
}

TEST_CASE("latents: values of one call, of neighbouring calls and of neighbouring rows are uncorrelated") {
  for (const std::size_t distance : {1, 2, 3, 4, 8, kColumns, 2 * kColumns}) {
    INFO("distance " << distance);
    CHECK(std::abs(correlation(distance)) <= 5e-3);
  }
}

// Both values of a Box-Muller pair share their radius: only their squares would show a mistake.
TEST_CASE("latents: squares are uncorrelated too") {
  const auto& z = million_latents();
  for (const std::size_t distance : {1, 2, 3}) {
    double sum = 0;
    for (std::size_t i = distance; i < z.size(); ++i) {
      sum += (static_cast<double>(z[i]) * z[i] - 1) * (static_cast<double>(z[i - distance]) * z[i - distance] - 1);
    }
    INFO("distance " << distance);
    CHECK(std::abs(sum / kCount) <= 5e-3 * 2);  // (z² - 1)(z'² - 1) has standard deviation 2
  }
}

}  // namespace
}  // namespace duel::test
