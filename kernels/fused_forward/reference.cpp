#include "kernels/fused_forward/plain.h"
#include "kernels/linear_lrelu/linear_lrelu.h"
#include "kernels/linear_tanh/linear_tanh.h"

namespace duel {

void fused_forward_reference(const FusedForward<double>& a) {
  PlainForward plain(a);
  const LinearBnLreluForward<double>& p = plain.arguments;
  switch (a.activation) {
    case FusedActivation::bn_lrelu:
      linear_bn_lrelu_forward_reference(p);
      put_transposed(plain.normalized, a.normalized);
      break;
    case FusedActivation::lrelu:
      linear_lrelu_forward_reference({p.input, p.weight, p.bias, p.slope, p.output});
      break;
    case FusedActivation::tanh:
      linear_tanh_forward_reference({p.input, p.weight, p.bias, p.output});
      break;
  }
  put_transposed(plain.output, a.output, a.first_column);
  if (!a.head_weight) return;
  for (int row = 0; row < a.output.rows; ++row) {
    for (int column = 0; column < a.input.columns; ++column) {
      const bool is_positive = at(a.output, row, a.first_column + column) > 0;
      at(a.unit_gradient, row, column) = a.head_weight.data[row] * (is_positive ? 1.0 : a.slope);
    }
  }
}

}  // namespace duel
