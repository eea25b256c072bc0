#include "kernels/ops/fused_forward/plain.h"

namespace duel {

void fused_forward_reference(const FusedForward<double>& a) {
  PlainForward plain(a);
  const LinearBnLreluForward<double>& p = plain.arguments;
  const auto f = [&](auto function) { return with_activation(a.activation, a.slope, function); };
  if (a.gamma) {
    linear_bn_lrelu_forward_reference(p);
    if (a.normalized) put_transposed(plain.normalized, a.normalized);
  } else {
    linear_reference(p.input, p.weight, p.bias, p.output);
    for (double& y : plain.output.values) y = f([&](auto unit) { return unit.value(y); });
  }
  put_transposed(plain.output, a.output, a.first_column);
  if (!a.head_weight) return;
  for (int row = 0; row < a.output.rows; ++row) {
    for (int column = 0; column < a.input.columns; ++column) {
      const double y = at(a.output, row, a.first_column + column), w = a.head_weight.data[row];
      at(a.unit_gradient, row, column) = f([&](auto unit) { return unit.gradient(y, w); });
    }
  }
}

}  // namespace duel
