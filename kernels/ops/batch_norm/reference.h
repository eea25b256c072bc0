// What references of batch norm share.
#pragma once

#include <cmath>
#include <vector>

#include "kernels/batch_statistics.h"

namespace duel {

/// With the biased variance, divided by the number of values.
inline BatchMoments<double> moments_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += std::pow(value - sum / count, 2);
  return {sum / count, squares / count};
}

/// A single value has no unbiased variance (PyTorch refuses it): there the biased one, 0, is taken.
inline double unbiased(double variance, std::size_t count) {
  return count > 1 ? variance * static_cast<double>(count) / static_cast<double>(count - 1) : variance;
}

/// Makes x^ of a feature's or channel's values of a batch, by the statistics that the op's arguments ask for, and moves
/// its running averages with a batch's. Returns 1 / sqrt(variance + eps).
template <class Arguments>
double normalize_reference(const Arguments& a, int feature, std::vector<double>& values) {
  double &running_mean = a.running_mean.data[feature], &running_variance = a.running_variance.data[feature];
  BatchMoments<double> moments{running_mean, running_variance};
  if (a.statistics == BatchStatistics::batch) {
    moments = moments_of(values);
    running_mean = (1 - a.momentum) * running_mean + a.momentum * moments.mean;
    running_variance = (1 - a.momentum) * running_variance + a.momentum * unbiased(moments.variance, values.size());
  }
  const double inverse_deviation = 1 / std::sqrt(moments.variance + a.eps);
  for (double& value : values) value = (value - moments.mean) * inverse_deviation;
  return inverse_deviation;
}

}  // namespace duel
