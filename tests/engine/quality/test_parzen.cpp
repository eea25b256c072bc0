#include "engine/quality/parzen.h"

#include <cmath>
#include <numbers>

#include "tests/engine/quality/made_up.h"
#include "tests/support/catch.h"

namespace {

using namespace duel;
using namespace duel::test;

double log_normal(std::span<const float> x, std::span<const float> centre, double sigma) {
  double squared = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    squared += (static_cast<double>(x[k]) - centre[k]) * (static_cast<double>(x[k]) - centre[k]);
  }
  const auto dimension = static_cast<double>(x.size());
  return -squared / (2 * sigma * sigma) - dimension * std::log(sigma * std::sqrt(2 * std::numbers::pi));
}

TEST_CASE("parzen: ten widths from 0.1 to 1 in equal steps of the logarithm") {
  const auto sigmas = parzen_sigmas();
  REQUIRE(sigmas.size() == 10);
  CHECK(std::abs(sigmas.front() - 0.1) < 1e-15);
  CHECK(std::abs(sigmas.back() - 1) < 1e-15);
  CHECK(std::abs(sigmas[4] / sigmas[3] - sigmas[9] / sigmas[8]) < 1e-12);
}

TEST_CASE("parzen: one sample is a Gaussian, several are their mean, scaling by 2 costs 784 ln 2") {
  constexpr int kPixels = 784;
  Values values(1);
  const std::vector<float> images = values.normals(20 * kPixels, 0.4, 0.2), zero(kPixels),
                           samples = values.normals(3 * kPixels, 0.4, 0.2);
  const PairwiseDistances distances;
  const auto likelihoods = [&](const std::vector<float>& x, const std::vector<float>& around, double sigma) {
    return parzen_log_likelihoods(distances, distances.upload({x, kPixels}), distances.upload({around, kPixels}),
                                  {sigma});
  };
  std::vector<float> doubled_images, doubled_samples;
  for (const float x : images) doubled_images.push_back(2 * x);
  for (const float x : samples) doubled_samples.push_back(2 * x);
  const auto of_zero = likelihoods(images, zero, 0.25), of_samples = likelihoods(images, samples, 0.25),
             of_doubled = likelihoods(doubled_images, doubled_samples, 0.5);
  for (int i = 0; i < 20; ++i) {
    const auto image = Points{images, kPixels}[i];
    CHECK(std::abs(of_zero[i] - log_normal(image, zero, 0.25)) < 1e-2);
    double largest = -1e300, sum = 0;
    for (int s = 0; s < 3; ++s) largest = std::max(largest, log_normal(image, Points{samples, kPixels}[s], 0.25));
    for (int s = 0; s < 3; ++s) sum += std::exp(log_normal(image, Points{samples, kPixels}[s], 0.25) - largest);
    CHECK(std::abs(of_samples[i] - (largest + std::log(sum / 3))) < 1e-2);
    CHECK(std::abs(of_samples[i] - of_doubled[i] - kPixels * std::numbers::ln2) < 1e-3);
  }
}

// Samples and images of one Gaussian: the window that fits is wide in one dimension, where samples are dense it is the
// narrowest.
TEST_CASE("parzen: sigma is chosen on the validation images, mean and standard error are those of the test images") {
  Values values(2);
  const std::vector<float> samples = {0.f}, validation = values.normals(2000, 0, 0.6),
                           test = values.normals(500, 0, 0.3);
  const PairwiseDistances distances;
  const ParzenResult result =
      parzen(distances, distances.upload({validation, 1}), distances.upload({test, 1}), distances.upload({samples, 1}));
  CHECK(std::abs(result.sigma - parzen_sigmas()[7]) < 1e-12);  // 0.599
  double mean = 0, squares = 0;
  for (const float x : test) mean += log_normal({&x, 1}, samples, result.sigma) / 500;
  for (const float x : test) {
    const double difference = log_normal({&x, 1}, samples, result.sigma) - mean;
    squares += difference * difference / 500;
  }
  CHECK(std::abs(result.log_likelihood - mean) < 1e-5);
  CHECK(std::abs(result.standard_error - std::sqrt(squares / 500)) < 1e-5);
}

}  // namespace
