#include "engine/quality/parzen.h"

#include <cmath>
#include <numbers>

namespace duel {
namespace {

constexpr int kSigmas = 10;

}  // namespace

std::vector<double> parzen_sigmas() {
  std::vector<double> sigmas;
  for (int i = 0; i < kSigmas; ++i) sigmas.push_back(std::pow(10.0, -1 + static_cast<double>(i) / (kSigmas - 1)));
  return sigmas;
}

std::vector<double> parzen_log_likelihoods(const PairwiseDistances& distances, const DevicePoints& images,
                                           const DevicePoints& samples, const std::vector<double>& sigmas) {
  std::vector<float> rates;
  for (const double sigma : sigmas) rates.push_back(static_cast<float>(1 / (2 * sigma * sigma)));
  std::vector<double> result = distances.log_sum_exp(images, samples, rates);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double sigma = sigmas[i % sigmas.size()];
    result[i] -= std::log(static_cast<double>(samples.count)) +
                 images.dimension * 0.5 * std::log(2 * std::numbers::pi * sigma * sigma);
  }
  return result;
}

ParzenResult parzen(const PairwiseDistances& distances, const DevicePoints& validation, const DevicePoints& test,
                    const DevicePoints& samples) {
  const std::vector<double> sigmas = parzen_sigmas();
  const auto likelihoods = parzen_log_likelihoods(distances, validation, samples, sigmas);
  std::vector<double> totals(sigmas.size());
  for (std::size_t i = 0; i < likelihoods.size(); ++i) totals[i % sigmas.size()] += likelihoods[i];
  std::size_t best = 0;
  for (std::size_t s = 1; s < sigmas.size(); ++s) {
    if (totals[s] > totals[best]) best = s;
  }
  const auto of_test = parzen_log_likelihoods(distances, test, samples, {sigmas[best]});
  double mean = 0, squares = 0;
  for (const double value : of_test) mean += value / test.count;
  for (const double value : of_test) squares += (value - mean) * (value - mean) / test.count;
  return {mean, std::sqrt(squares / test.count), sigmas[best]};
}

}  // namespace duel
