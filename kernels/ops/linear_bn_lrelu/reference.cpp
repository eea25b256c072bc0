#include <cmath>

#include "kernels/linear/reference.h"
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

namespace duel {
namespace {

struct Moments {
  double mean, variance;  // biased: divided by the number of rows
};

Moments column_moments(const Matrix<double>& matrix, int column) {
  double sum = 0;
  for (int row = 0; row < matrix.rows; ++row) sum += at(matrix, row, column);
  const double mean = sum / matrix.rows;
  double squares = 0;
  for (int row = 0; row < matrix.rows; ++row) squares += std::pow(at(matrix, row, column) - mean, 2);
  return {mean, squares / matrix.rows};
}

// A single row has no unbiased variance (PyTorch refuses it): there the biased one, 0, is taken.
double unbiased(double variance, int rows) {
  return rows > 1 ? variance * rows / (rows - 1) : variance;
}

}  // namespace

void linear_bn_lrelu_forward_reference(const LinearBnLreluForward<double>& a) {
  const bool from_batch = a.statistics == BatchStatistics::batch;
  linear_reference(a.input, a.weight, a.bias, a.output);
  for (int out = 0; out < a.weight.rows; ++out) {
    double& running_mean = a.running_mean.data[out];
    double& running_variance = a.running_variance.data[out];
    Moments moments{running_mean, running_variance};
    if (from_batch) {
      moments = column_moments(a.output, out);
      running_mean = (1 - a.momentum) * running_mean + a.momentum * moments.mean;
      running_variance = (1 - a.momentum) * running_variance + a.momentum * unbiased(moments.variance, a.input.rows);
    }
    const double inverse_deviation = 1.0 / std::sqrt(moments.variance + a.eps);
    if (from_batch) a.inverse_deviation.data[out] = inverse_deviation;
    for (int row = 0; row < a.input.rows; ++row) {
      const double normalized = (at(a.output, row, out) - moments.mean) * inverse_deviation;
      if (from_batch) at(a.normalized, row, out) = normalized;
      const double z = a.gamma.data[out] * normalized + a.beta.data[out];
      at(a.output, row, out) = z > 0 ? z : a.slope * z;
    }
  }
}

void linear_bn_lrelu_backward_reference(const LinearBnLreluBackward<double>& a) {
  const int rows = a.output.rows;
  for (int out = 0; out < a.output.columns; ++out) {
    double d_beta = 0, d_gamma = 0;
    for (int row = 0; row < rows; ++row) {
      const double d_z = at(a.d_output, row, out) * (at(a.output, row, out) > 0 ? 1.0 : a.slope);
      at(a.d_linear, row, out) = d_z;
      d_beta += d_z;
      d_gamma += d_z * at(a.normalized, row, out);
    }
    a.d_beta.data[out] = d_beta;
    a.d_gamma.data[out] = d_gamma;
    // Mean and variance depend on every row: their parts of the gradient are the averages of d_z and of d_z x̂.
    for (int row = 0; row < rows; ++row) {
      const double d_z = at(a.d_linear, row, out);
      at(a.d_linear, row, out) = a.gamma.data[out] * a.inverse_deviation.data[out] *
                                 (d_z - d_beta / rows - at(a.normalized, row, out) * d_gamma / rows);
    }
  }
  linear_backward_reference(a.input, a.weight, a.d_linear, a.d_input, a.d_weight, a.d_bias);
}

}  // namespace duel
