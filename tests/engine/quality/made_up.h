// Points and images with known properties, and a stand-in for the classifier.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "engine/quality/points.h"
#include "engine/quality/quality_meter.h"

namespace duel::test {

/// The same values on every machine.
class Values {
 public:
  explicit Values(std::uint64_t seed) : random_(seed) {}

  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * std::numbers::pi * uniform()); }
  std::vector<float> normals(std::size_t size, double mean = 0, double deviation = 1) {
    std::vector<float> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(static_cast<float>(mean + deviation * normal()));
    return values;
  }

 private:
  std::mt19937_64 random_;
};

inline constexpr int kBandsSize = 9, kBands = 3, kBandsPixels = kBandsSize * kBandsSize;

/// Images of three classes: a third of the rows is bright. Every pixel has its own noise, so that none are equal.
inline ImageSet band_images(int count, std::uint64_t seed) {
  Values values(seed);
  ImageSet images{count, kBandsSize, kBandsSize, 1, {}, {}};
  for (int i = 0; i < count; ++i) {
    const int label = i % kBands;
    const double brightness = 150 + 50 * values.uniform();
    for (int y = 0; y < kBandsSize; ++y) {
      for (int x = 0; x < kBandsSize; ++x) {
        const bool is_bright = y / 3 == label && x >= 2 && x < kBandsSize - 2;
        images.pixels.push_back(static_cast<std::uint8_t>((is_bright ? brightness : 0) + 40 * values.uniform()));
      }
    }
    images.labels.push_back(static_cast<std::uint8_t>(label));
  }
  return images;
}

/// Features: means of neighbouring pixels. Probabilities: softmax of how bright each third is.
inline ClassifierOutput classify_bands(std::span<const float> images) {
  const Points points{images, kBandsPixels};
  ClassifierOutput output{points.count(), kBandsSize, kBands, {}, {}};
  for (int i = 0; i < points.count(); ++i) {
    double thirds[kBands] = {}, total = 0;
    for (int cell = 0; cell < kBandsSize; ++cell) {
      double sum = 0;
      for (int k = 0; k < 9; ++k) {
        const int y = cell / 3 * 3 + k / 3, x = cell % 3 * 3 + k % 3;
        sum += static_cast<double>(points[i][static_cast<std::size_t>(y * kBandsSize + x)]);
      }
      output.features.push_back(static_cast<float>(sum));
      thirds[cell / 3] += sum;
    }
    for (double& third : thirds) total += third = std::exp(third);
    for (const double third : thirds) output.probabilities.push_back(static_cast<float>(third / total));
  }
  return output;
}

}  // namespace duel::test
