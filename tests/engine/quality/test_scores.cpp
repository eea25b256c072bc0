// Inception score, class histogram and bright borders.
#include <cmath>

#include "engine/quality/bright_border.h"
#include "engine/quality/class_histogram.h"
#include "engine/quality/inception_score.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;

TEST_CASE("inception score: the number of classes at best, 1 at worst") {
  const std::vector<float> certain = {1, 0, 0, 0, 1, 0, 0, 0, 1}, alike = {0.5f, 0.25f, 0.25f, 0.5f, 0.25f, 0.25f};
  CHECK(std::abs(inception_score({certain, 3}) - 3) < 1e-12);
  CHECK(std::abs(inception_score({alike, 3}) - 1) < 1e-12);
  // Two images, p and q swapped: log 2 less the entropy of (3/4, 1/4).
  const std::vector<float> between = {0.75f, 0.25f, 0.25f, 0.75f};
  const double entropy = -0.75 * std::log(0.75) - 0.25 * std::log(0.25);
  CHECK(std::abs(inception_score({between, 2}) - std::exp(std::log(2.0) - entropy)) < 1e-12);
  CHECK_THROWS_AS(inception_score({{}, 3}), std::invalid_argument);
}

TEST_CASE("class histogram: shares, entropy, the largest class, share 0 of a missing one") {
  const std::vector<float> probabilities = {0.5f, 0.3f, 0.2f, 0.1f, 0.1f, 0.8f, 0.4f, 0.3f, 0.3f, 0.9f, 0, 0.1f};
  const ClassHistogram histogram = class_histogram({probabilities, 3});
  CHECK(histogram.shares == std::vector<double>{0.75, 0, 0.25});
  CHECK(histogram.largest == 0.75);
  CHECK(std::abs(histogram.entropy - (-0.75 * std::log(0.75) - 0.25 * std::log(0.25))) < 1e-12);
  CHECK_THROWS_AS(class_histogram(Points{{}, 3}), std::invalid_argument);
}

TEST_CASE("bright border: pixels of the two outermost rows and columns above one half") {
  constexpr int kHeight = 6, kWidth = 7;
  std::vector<float> images(2 * kHeight * kWidth, 0.f);
  CHECK(bright_border_pixels({images, kHeight * kWidth}, kHeight, kWidth) == 0);
  std::fill_n(images.begin(), kHeight * kWidth, 1.f);  // all of the first image: all but 2 x 3 pixels in its middle
  CHECK(bright_border_pixels({images, kHeight * kWidth}, kHeight, kWidth) == (kHeight * kWidth - 2 * 3) / 2.0);
  std::fill(images.begin(), images.end(), 0.5f);  // not above
  CHECK(bright_border_pixels({images, kHeight * kWidth}, kHeight, kWidth) == 0);
  CHECK_THROWS_AS(bright_border_pixels({images, 5}, kHeight, kWidth), std::invalid_argument);
}

}  // namespace
