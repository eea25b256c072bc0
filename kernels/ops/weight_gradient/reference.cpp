#include "kernels/levels/reference.h"
#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {

void weight_gradient_reference(const WeightGradient<double>& a) {
  const int out = a.d_linear.rows, in = a.input.rows, batch = a.input.columns;
  std::vector<double> weight(static_cast<std::size_t>(out) * in), bias(out);
  for (int o = 0; o < out; ++o) {
    for (int column = 0; column < batch; ++column) {
      const double d = at(a.d_linear, o, column);
      if (column < batch - a.without_bias) bias[o] += d;
      for (int i = 0; i < in; ++i) weight[static_cast<std::size_t>(o) * in + i] += d * at(a.input, i, column);
    }
  }
  update_reference(a.weight, weight, a.optimizer);
  update_reference(a.bias, bias, a.optimizer);
}

}  // namespace duel
