// The nearest images of a dataset, against a search in double precision.
#include "engine/quality/nearest_images.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>

#include "engine/data/float_images.h"
#include "tests/engine/support/gan_cases.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

ImageSet random_set(int count, int channels = 1) {
  ImageSet set{count, 3, 3, channels, {}, {}};
  std::mt19937_64 random(7);
  for (int i = 0; i < count * 9 * channels; ++i) set.pixels.push_back(static_cast<std::uint8_t>(random() % 256));
  return set;
}

/// Distances of pixels in [0, 1] from image `index` of `images` to all of the set.
std::vector<double> all_distances(const FloatImages& images, int index, const ImageSet& set) {
  const int pixels = 9 * set.channels;
  const FloatImages others = float_images(set, 0, set.count);
  std::vector<double> distances(static_cast<std::size_t>(set.count));
  for (int j = 0; j < set.count; ++j) {
    double sum = 0;
    for (int p = 0; p < pixels; ++p) {
      const double difference = (static_cast<double>(images.values[index * pixels + p]) + 1) / 2 -
                                (static_cast<double>(others.values[j * pixels + p]) + 1) / 2;
      sum += difference * difference;
    }
    distances[static_cast<std::size_t>(j)] = std::sqrt(sum);
  }
  return distances;
}

}  // namespace

TEST_CASE("images of either range: the same pixels, the same distances") {
  const ImageSet set = random_set(20);
  const FloatImages signed_images = float_images(set, 0, 5);
  const FloatImages unit_images = float_images(set, 0, 5, ImageRange::zero_to_one);
  CHECK(unit_images.range == ImageRange::zero_to_one);
  for (std::size_t i = 0; i < unit_images.values.size(); ++i) {
    CHECK(std::abs(unit_images.values[i] - static_cast<float>(set.pixels[i]) / 255.f) < 1e-7f);
    CHECK(std::abs(in_range(unit_images, ImageRange::minus_one_to_one).values[i] - signed_images.values[i]) < 1e-6f);
    CHECK(std::abs(in_range(signed_images, ImageRange::zero_to_one).values[i] - unit_images.values[i]) < 1e-6f);
  }
  const auto a = nearest_images({}, signed_images, set, 2), b = nearest_images({}, unit_images, set, 2);
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].index == b[i].index);
    CHECK(std::abs(a[i].distance - b[i].distance) < 1e-3);
  }
}

TEST_CASE("float images have the order of the set and range from -1 to 1") {
  const ImageSet set{2, 1, 2, 3, {0, 102, 255, 153, 51, 204, 255, 0, 0, 0, 0, 255}, {}};
  const FloatImages images = float_images(set, 0, 5);
  CHECK((images.count == 2 && images.channels == 3 && images.height == 1 && images.width == 2));
  const std::vector<float> expected = {-1, -0.2f, 1, 0.2f, -0.6f, 0.6f, 1, -1, -1, -1, -1, 1};
  REQUIRE(images.values.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(images.values[i] - expected[i]) < 1e-6f);
  const FloatImages second = float_images(set, 1, 1);
  CHECK(second.values == std::vector<float>(images.values.begin() + 6, images.values.end()));
  CHECK(float_images(set, 2, 1).count == 0);
}

TEST_CASE("nearest images: more than one piece of the set and of the images") {
  const ImageSet set = random_set(4096 + 77, 3);
  FloatImages images = float_images(random_set(300, 3), 0, 300);
  std::mt19937_64 random(3);
  for (float& value : images.values) value = 0.9f * value + 0.1f * (static_cast<float>(random() % 2001) / 1000 - 1);
  constexpr int kNearest = 3;
  const std::vector<NearImage> nearest = nearest_images({}, images, set, kNearest);
  REQUIRE(nearest.size() == 300 * kNearest);
  for (const int i : {0, 1, 255, 256, 299}) {
    const std::vector<double> distances = all_distances(images, i, set);
    std::vector<int> order(distances.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return distances[a] < distances[b]; });
    for (int k = 0; k < kNearest; ++k) {
      CHECK(nearest[i * kNearest + k].index == order[k]);
      CHECK(std::abs(nearest[i * kNearest + k].distance - distances[order[k]]) < 1e-5 * distances[order[k]]);
    }
  }
}

TEST_CASE("nearest images: an image of the set is at distance 0 from itself, the first of equal ones") {
  ImageSet set = random_set(50);
  std::copy_n(set.pixels.begin() + 9 * 30, 9, set.pixels.begin() + 9 * 41);
  const std::vector<NearImage> nearest = nearest_images({}, float_images(set, 30, 12), set, 2);
  CHECK((nearest[0].index == 30 && nearest[0].distance == 0));
  CHECK((nearest[1].index == 41 && nearest[1].distance == 0));
  CHECK((nearest[22].index == 30 && nearest[22].distance == 0));
  CHECK(nearest[2].index == 31);
  CHECK(nearest[3].distance > 0);
}

TEST_CASE("nearest images: none of an image that is not finite") {
  const ImageSet set = random_set(20);
  FloatImages images = float_images(set, 0, 2);
  images.values[3] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<NearImage> nearest = nearest_images({}, images, set, 1);
  CHECK(nearest[0].index == -1);
  CHECK(nearest[1].index == 1);
}

TEST_CASE("nearest images: sizes that do not fit are refused") {
  const ImageSet set = random_set(20), small = random_set(1), colours = random_set(5, 3);
  const FloatImages images = float_images(set, 0, 2);
  CHECK_THROWS_AS(nearest_images({}, images, colours, 1), std::invalid_argument);
  CHECK_THROWS_AS(nearest_images({}, images, set, 0), std::invalid_argument);
  CHECK_THROWS_AS(nearest_images({}, images, set, 9), std::invalid_argument);
  CHECK_THROWS_AS(nearest_images({}, images, small, 2), std::invalid_argument);
  CHECK_THROWS_AS(nearest_images({}, float_images(set, 0, 0), set, 1), std::invalid_argument);
  CHECK(nearest_images({}, images, small, 1).size() == 2);
}
