#include "engine/measure/statistics.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/support/catch.h"

namespace duel {
namespace {

bool is_close(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::abs(b);
}

TEST_CASE("statistics: quartiles of known numbers, in any order") {
  const Summary odd = summarize({5, 1, 3, 2, 4});
  CHECK(odd.count == 5);
  CHECK(odd.minimum == 1);
  CHECK(odd.first_quartile == 2);
  CHECK(odd.median == 3);
  CHECK(odd.third_quartile == 4);
  CHECK(odd.maximum == 5);
  const Summary even = summarize({4, 1, 2, 3});
  CHECK(even.first_quartile == 1.75);
  CHECK(even.median == 2.5);
  CHECK(even.third_quartile == 3.25);
  const Summary one = summarize({7});
  CHECK(one.first_quartile == 7);
  CHECK(one.third_quartile == 7);
}

TEST_CASE("statistics: a few disturbed samples move no median") {
  std::vector<double> samples(99, 10.0);
  samples[3] = samples[50] = 1e6;
  const Summary summary = summarize(samples);
  CHECK(summary.median == 10);
  CHECK(relative_spread(summary) == 0);
  CHECK(summary.maximum == 1e6);
}

TEST_CASE("statistics: no samples, and samples that are no numbers, are refused") {
  CHECK_THROWS_AS(summarize({}), std::invalid_argument);
  CHECK_THROWS_AS(summarize({1, std::numeric_limits<double>::quiet_NaN()}), std::invalid_argument);
  CHECK_THROWS_AS(summarize({std::numeric_limits<double>::infinity()}), std::invalid_argument);
}

TEST_CASE("statistics: noise is the standard error of the median") {
  const Summary summary{100, 80, 95, 100, 105, 130};
  CHECK(is_close(relative_spread(summary), 0.1));
  CHECK(is_close(relative_noise(summary), 0.1 * 1.2533 / 1.349 / 10));
  CHECK(std::isinf(relative_spread(Summary{3, 0, 0, 0, 0, 0})));
}

TEST_CASE("statistics: settled needs enough samples and little noise") {
  std::vector<double> samples;
  std::size_t settled_at = 0;
  while (settled_at == 0) {  // 90, 100, 110, 90, ...: the quartiles stay, so the noise falls like 1 / sqrt(n)
    samples.push_back(90 + 10.0 * static_cast<double>(samples.size() % 3));
    if (is_settled(samples, 0.02, 5)) settled_at = samples.size();
    REQUIRE(samples.size() < 1000);
  }
  CHECK(settled_at >= 80);
  CHECK(settled_at <= 95);
  CHECK(is_settled({1, 1, 1, 1, 1}, 0, 5));
  CHECK_FALSE(is_settled({1, 1, 1, 1}, 0, 5));
  CHECK_FALSE(is_settled({}, 1, 0));
  CHECK_FALSE(is_settled({0, 0, 0, 0, 0}, 1, 5));
  CHECK_FALSE(is_settled(samples, std::numeric_limits<double>::quiet_NaN(), 5));
}

TEST_CASE("statistics: ratios of pairs") {
  CHECK(ratios_of({2, 9, 4}, {1, 3, 8}) == std::vector<double>{2, 3, 0.5});
}

}  // namespace
}  // namespace duel
