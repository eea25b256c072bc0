#include <vector>

#include "kernels/levels/reference.h"
#include "kernels/ops/input_gradient/input_gradient.h"

namespace duel {
namespace {

/// dL/dy of a feature of the layer below, (Wᵀ d) factor, for all samples.
std::vector<double> d_output_row(const InputGradient<double>& a, int row) {
  std::vector<double> sums(static_cast<std::size_t>(a.batch()));
  for (int out = 0; out < a.weight.rows; ++out) {
    for (int c = 0; c < a.batch(); ++c) {
      const double factor = a.factor ? a.factor.data[c] : 1.0;
      sums[c] += factor * at(a.d_linear, out, a.first_column + c) * at(a.weight, out, row);
    }
  }
  return sums;
}

}  // namespace

void input_gradient_reference(const InputGradient<double>& a) {
  const int in = a.in(), batch = a.batch();
  std::vector<double> d_gamma(in), d_beta(in);
  for (int row = 0; row < in; ++row) {
    std::vector<double> d = d_output_row(a, row);
    with_activation(a.below, a.slope, [&](auto f) {
      for (int c = 0; c < batch; ++c) d[c] = f.gradient(at(a.output, row, a.first_column + c), d[c]);
    });
    if (a.normalized) {
      for (int c = 0; c < batch; ++c) {
        d_beta[row] += d[c];
        d_gamma[row] += d[c] * at(a.normalized, row, c);
      }
      // Mean and variance depend on every sample: their parts of the gradient are the averages of d and of d x̂.
      for (int c = 0; c < batch; ++c) {
        d[c] = a.gamma.value.data[row] * a.inverse_deviation.data[row] *
               (d[c] - d_beta[row] / batch - at(a.normalized, row, c) * d_gamma[row] / batch);
      }
    }
    for (int c = 0; c < batch; ++c) at(a.d_below, row, a.below_column + c) = d[c];
  }
  if (!a.normalized) return;
  update_reference(a.gamma, d_gamma, a.optimizer);
  update_reference(a.beta, d_beta, a.optimizer);
}

}  // namespace duel
