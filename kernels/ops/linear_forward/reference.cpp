#include <cmath>
#include <vector>

#include "kernels/ops/linear_forward/linear_forward.h"
#include "kernels/reference.h"

namespace duel {
namespace {

/// W x + b of a feature, for all samples.
std::vector<double> linear_row(const LinearForward<double>& a, int row) {
  std::vector<double> sums(static_cast<std::size_t>(a.input.columns), a.bias.data[row]);
  for (int k = 0; k < a.input.rows; ++k) {
    for (int c = 0; c < a.input.columns; ++c) sums[c] += at(a.weight, row, k) * at(a.input, k, c);
  }
  return sums;
}

struct Moments {
  double mean, variance;  // biased: divided by the number of samples
};

Moments moments_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += std::pow(value - sum / count, 2);
  return {sum / count, squares / count};
}

// A single sample has no unbiased variance (PyTorch refuses it): there the biased one, 0, is taken.
double unbiased(double variance, int samples) {
  return samples > 1 ? variance * samples / (samples - 1) : variance;
}

void batch_norm(const LinearForward<double>& a, int row, std::vector<double>& values) {
  const bool of_batch = a.statistics == BatchStatistics::batch;
  double &running_mean = a.running_mean.data[row], &running_variance = a.running_variance.data[row];
  Moments moments{running_mean, running_variance};
  if (of_batch) {
    moments = moments_of(values);
    running_mean = (1 - a.momentum) * running_mean + a.momentum * moments.mean;
    running_variance = (1 - a.momentum) * running_variance + a.momentum * unbiased(moments.variance, a.input.columns);
  }
  const double inverse_deviation = 1 / std::sqrt(moments.variance + a.eps);
  if (of_batch) a.inverse_deviation.data[row] = inverse_deviation;
  for (int c = 0; c < a.input.columns; ++c) {
    const double normalized = (values[c] - moments.mean) * inverse_deviation;
    if (of_batch) at(a.normalized, row, c) = normalized;
    values[c] = a.gamma.data[row] * normalized + a.beta.data[row];
  }
}

}  // namespace

void linear_forward_reference(const LinearForward<double>& a) {
  for (int row = 0; row < a.weight.rows; ++row) {
    std::vector<double> values = linear_row(a, row);
    if (a.gamma) batch_norm(a, row, values);
    with_activation(a.activation, a.slope, [&](auto f) {
      for (int c = 0; c < a.input.columns; ++c) {
        const double y = at(a.output, row, a.first_column + c) = f.value(values[c]);
        if (a.head_weight) at(a.unit_gradient, row, c) = f.gradient(y, a.head_weight.data[row]);
      }
    });
  }
}

}  // namespace duel
