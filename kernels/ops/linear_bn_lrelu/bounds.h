// How far float results of linear_bn_lrelu may be from the double reference: the rounding of every step, carried
// through the steps behind it.
#pragma once

#include <algorithm>

#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"
#include "kernels/verify/linear_cases.h"

namespace duel::verify {

/// What can go wrong with one column of a = x Wᵀ + b and its statistics.
struct ColumnErrors {
  double value;              ///< of any a in the column
  double mean;               ///< of the mean
  double variance;           ///< of the biased variance
  double inverse_deviation;  ///< of 1 / sqrt(variance + eps)
};

/// `operand`: of any a, because factors were rounded.
inline ColumnErrors column_errors(const LinearBnLreluForward<double>& a, double largest_magnitude, double operand,
                                  int column) {
  const double value = sum_error(a.input.columns) * largest_magnitude + operand;
  if (a.statistics == BatchStatistics::running) {
    // Mean and variance are given: an addition, a root and a division are left.
    return {value, 0, 0, 3 * kRounding / std::sqrt(a.running_variance.data[column] + a.eps)};
  }
  const double inverse = a.inverse_deviation.data[column];
  const double variance = std::max(1 / (inverse * inverse) - a.eps, 0.0);
  const double mean = value + sum_error(a.input.rows) * largest_magnitude;
  // The mean of (a - mean)²: each difference is off by both errors, which count twice its size, on average the
  // deviation, and once squared; then the rounding of the sum itself.
  const double difference = value + mean;
  const double variance_error =
      2 * std::sqrt(variance) * difference + difference * difference + sum_error(a.input.rows) * variance;
  // d/dv (v + eps)^(-1/2) = -(v + eps)^(-3/2) / 2
  return {value, mean, variance_error, inverse * (variance_error * inverse * inverse / 2 + 3 * kRounding)};
}

inline Bounds bn_forward_bounds(const LinearBnLreluForward<double>& a, Precision precision = Precision::fp32) {
  const int rows = a.input.rows, out = a.weight.rows;
  const bool from_batch = a.statistics == BatchStatistics::batch;
  const auto magnitude = linear_magnitude(a);
  const bool rounds = precision != Precision::fp32;
  const auto products = rounds ? product_magnitude(a, precision) : std::vector<double>(magnitude.size());
  std::vector<double> normalized(magnitude.size()), output(magnitude.size());
  std::vector<double> inverse(out), running_mean(out), running_variance(out);
  for (int column = 0; column < out; ++column) {
    double largest = 0, largest_product = 0;
    for (int row = 0; row < rows; ++row) {
      largest = std::max(largest, magnitude[row * out + column]);
      largest_product = std::max(largest_product, products[row * out + column]);
    }
    const double operand = operand_error(precision, a.input.columns) * largest_product;
    const ColumnErrors errors = column_errors(a, largest, operand, column);
    inverse[column] = errors.inverse_deviation;
    const double unbiased = rows > 1 ? rows / (rows - 1.0) : 1.0;
    // (1 - momentum) * old + momentum * new: some roundings of at most the larger of old and new.
    running_mean[column] = a.momentum * errors.mean + 4 * kRounding * (std::abs(a.running_mean.data[column]) + largest);
    running_variance[column] =
        a.momentum * unbiased * errors.variance + 4 * kRounding * a.running_variance.data[column];

    const double mean = from_batch ? 0 : std::abs(a.running_mean.data[column]);
    const double deviation =
        from_batch ? a.inverse_deviation.data[column] : 1 / std::sqrt(a.running_variance.data[column] + a.eps);
    const double gamma = std::abs(a.gamma.data[column]), beta = std::abs(a.beta.data[column]);
    for (int row = 0; row < rows; ++row) {
      const std::size_t i = static_cast<std::size_t>(row) * out + column;
      // x̂ = (a - mean) * inverse_deviation; the difference can be far smaller than its terms.
      const double terms = magnitude[i] + mean;
      const double x = from_batch ? std::abs(at(a.normalized, row, column)) : terms * deviation;
      normalized[i] = deviation * (errors.value + errors.mean + 2 * kRounding * terms) +
                      x * (errors.inverse_deviation / deviation + 2 * kRounding);
      output[i] = gamma * normalized[i] + 3 * kRounding * (gamma * x + beta);
    }
  }
  Bounds bounds;
  bounds.set("output", std::move(output));
  bounds.set("normalized", std::move(normalized));
  bounds.set("inverse_deviation", std::move(inverse));
  bounds.set("running_mean", std::move(running_mean));
  bounds.set("running_variance", std::move(running_variance));
  for (const char* name : {"normalized", "inverse_deviation", "running_mean", "running_variance"}) {
    if (!from_batch) bounds.set_untouched(name);
  }
  return bounds;
}

/// dA = gamma * inverse_deviation * (dZ - dbeta / B - x̂ dgamma / B): its magnitude has the sums of absolute terms in
/// the places of dbeta and dgamma; its error is that of those sums and of about six roundings.
inline Bounds bn_backward_bounds(const LinearBnLreluBackward<double>& a) {
  const int rows = a.output.rows, out = a.output.columns;
  std::vector<double> magnitude(a.d_output.size()), d_beta(out), d_gamma(out);
  for (int column = 0; column < out; ++column) {
    for (int row = 0; row < rows; ++row) {
      d_beta[column] += std::abs(at(a.d_output, row, column));
      d_gamma[column] += std::abs(at(a.d_output, row, column) * at(a.normalized, row, column));
    }
    const double factor = std::abs(a.gamma.data[column] * a.inverse_deviation.data[column]);
    for (int row = 0; row < rows; ++row) {
      magnitude[static_cast<std::size_t>(row) * out + column] =
          factor * (std::abs(at(a.d_output, row, column)) + d_beta[column] / rows +
                    std::abs(at(a.normalized, row, column)) * d_gamma[column] / rows);
    }
    d_beta[column] *= sum_error(rows);
    d_gamma[column] *= sum_error(rows);
  }
  Bounds bounds;
  set_gradient_bounds(bounds, a, std::move(magnitude), sum_error(rows) + 6 * kRounding);
  bounds.set("d_beta", std::move(d_beta));
  bounds.set("d_gamma", std::move(d_gamma));
  return bounds;
}

}  // namespace duel::verify
