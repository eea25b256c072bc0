// How far float results of batch norm may be from the double reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/batch_statistics.h"
#include "kernels/verify/bounds.h"

namespace duel::verify {

/// The values of a feature or channel in a batch that are normalized: of each the absolute sum of the terms that it is
/// made of, and how far any may be off.
struct NormInput {
  std::vector<double> magnitude;
  double error = 0;
};

/// How far off a feature's or channel's running averages may be after some batches.
struct RunningErrors {
  double mean = 0, variance = 0;
};

/// Of what batch norm makes of such values.
struct NormBounds {
  double inverse_deviation;
  std::vector<double> normalized, output;
};

/// `before`: the op's arguments. With a batch's statistics, `inverse_deviation` and `normalized` are the reference's,
/// and `running` takes the batch.
template <class Arguments>
NormBounds norm_bounds(const Arguments& before, int feature, const NormInput& input, double inverse_deviation,
                       const std::vector<double>& normalized, RunningErrors& running) {
  const int count = static_cast<int>(input.magnitude.size());
  const bool of_batch = before.statistics == BatchStatistics::batch;
  const double old_mean = before.running_mean.data[feature], old_variance = before.running_variance.data[feature];
  double mean_error = 0, given_mean = 0, inverse_error = 0;
  if (of_batch) {
    const double largest = *std::max_element(input.magnitude.begin(), input.magnitude.end());
    const double variance = std::max(1 / (inverse_deviation * inverse_deviation) - before.eps, 0.0);
    mean_error = input.error + sum_error(count) * largest;
    // The mean of (x - mean)²: each difference is off by both errors, which count twice its size, on average the
    // deviation, and once squared; then the rounding of the sum itself.
    const double difference = input.error + mean_error;
    const double variance_error =
        2 * std::sqrt(variance) * difference + difference * difference + sum_error(count) * variance;
    // d/dv (v + eps)^(-1/2) = -(v + eps)^(-3/2) / 2
    inverse_error = inverse_deviation * (variance_error * inverse_deviation * inverse_deviation / 2 + 3 * kRounding);
    // (1 - momentum) * old + momentum * new: some roundings of at most the larger of old and new.
    const double momentum = before.momentum, unbiased = count > 1 ? count / (count - 1.0) : 1.0;
    running.mean =
        (1 - momentum) * running.mean + momentum * mean_error + 4 * kRounding * (std::abs(old_mean) + largest);
    running.variance = (1 - momentum) * running.variance + momentum * unbiased * variance_error +
                       4 * kRounding * (old_variance + unbiased * variance);
  } else {
    // Mean and variance are given: an addition, a root and a division are left.
    inverse_deviation = 1 / std::sqrt(old_variance + before.eps);
    inverse_error = 3 * kRounding * inverse_deviation;
    given_mean = std::abs(old_mean);
  }
  const double gamma = std::abs(before.gamma.data[feature]), beta = std::abs(before.beta.data[feature]);
  NormBounds bounds{inverse_error, {}, {}};
  for (int i = 0; i < count; ++i) {
    // x̂ = (x - mean) * inverse_deviation; the difference can be far smaller than its terms.
    const double terms = input.magnitude[i] + given_mean;
    const double x = of_batch ? std::abs(normalized[i]) : terms * inverse_deviation;
    const double error = inverse_deviation * (input.error + mean_error + 2 * kRounding * terms) +
                         x * (inverse_error / inverse_deviation + 2 * kRounding);
    bounds.normalized.push_back(error);
    bounds.output.push_back(gamma * error + 3 * kRounding * (gamma * x + beta));
  }
  return bounds;
}

/// Sets those of the running averages, in the order of the features.
template <class Arguments>
void set_running_bounds(Bounds& bounds, const Arguments& a, const std::vector<RunningErrors>& errors) {
  if (a.statistics == BatchStatistics::running) return;
  if (!(a.momentum > 0)) {
    bounds.set_untouched("running_mean");
    bounds.set_untouched("running_variance");
    return;
  }
  std::vector<double> mean, variance;
  for (const RunningErrors& one : errors) {
    mean.push_back(one.mean);
    variance.push_back(one.variance);
  }
  bounds.set("running_mean", std::move(mean));
  bounds.set("running_variance", std::move(variance));
}

}  // namespace duel::verify
