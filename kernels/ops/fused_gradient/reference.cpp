#include "kernels/ops/fused_gradient/plain.h"
#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

namespace duel {

void fused_gradient_reference(const FusedGradient<double>& a) {
  const int in = a.weight.columns, batch = a.d_below.columns;
  HostMatrix d_output = fused_d_output(a), output = transposed(a.output, a.first_column, batch), d_below(batch, in);
  if (!a.normalized) {
    for (std::size_t i = 0; i < d_below.values.size(); ++i) {
      d_below.values[i] =
          with_activation(a.below, a.slope, [&](auto f) { return f.gradient(output.values[i], d_output.values[i]); });
    }
    return put_transposed(d_below, a.d_below);
  }
  HostMatrix normalized = transposed(a.normalized);
  std::vector<double> d_gamma(in), d_beta(in);
  const LinearBnLreluBackward<double> below{.input = {nullptr, batch, 0},
                                            .weight = {nullptr, in, 0},
                                            .gamma = a.gamma.value,
                                            .normalized = normalized.view(),
                                            .inverse_deviation = a.inverse_deviation,
                                            .output = output.view(),
                                            .d_output = d_output.view(),
                                            .slope = a.slope,
                                            .d_linear = d_below.view(),
                                            .d_input = {},
                                            .d_weight = {},
                                            .d_bias = {},
                                            .d_gamma = {d_gamma.data(), in},
                                            .d_beta = {d_beta.data(), in}};
  linear_bn_lrelu_backward_reference(below);
  put_transposed(d_below, a.d_below);
  update_reference(a.gamma, d_gamma, a.optimizer);
  update_reference(a.beta, d_beta, a.optimizer);
}

}  // namespace duel
