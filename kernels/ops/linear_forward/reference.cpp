#include "kernels/ops/batch_norm/reference.h"
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

void batch_norm(const LinearForward<double>& a, int row, std::vector<double>& values) {
  const double inverse_deviation = normalize_reference(a, row, values);
  if (a.inverse_deviation) a.inverse_deviation.data[row] = inverse_deviation;
  for (int c = 0; c < a.input.columns; ++c) {
    if (a.normalized) at(a.normalized, row, c) = values[c];
    values[c] = a.gamma.data[row] * values[c] + a.beta.data[row];
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
