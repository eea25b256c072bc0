#include "kernels/linear/reference.h"
#include "kernels/ops/linear_lrelu/linear_lrelu.h"

namespace duel {

void linear_lrelu_forward_reference(const LinearLreluForward<double>& a) {
  linear_reference(a.input, a.weight, a.bias, a.output);
  for (std::size_t i = 0; i < a.output.size(); ++i) {
    const double linear = a.output.data[i];
    a.output.data[i] = linear > 0 ? linear : a.slope * linear;
  }
}

void linear_lrelu_backward_reference(const LinearLreluBackward<double>& a) {
  for (std::size_t i = 0; i < a.output.size(); ++i) {
    a.d_linear.data[i] = a.d_output.data[i] * (a.output.data[i] > 0 ? 1.0 : a.slope);
  }
  linear_backward_reference(a.input, a.weight, a.d_linear, a.d_input, a.d_weight, a.d_bias);
}

}  // namespace duel
