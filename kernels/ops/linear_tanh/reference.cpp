#include <cmath>

#include "kernels/linear/reference.h"
#include "kernels/ops/linear_tanh/linear_tanh.h"

namespace duel {

void linear_tanh_forward_reference(const LinearTanhForward<double>& a) {
  linear_reference(a.input, a.weight, a.bias, a.output);
  for (std::size_t i = 0; i < a.output.size(); ++i) a.output.data[i] = std::tanh(a.output.data[i]);
}

void linear_tanh_backward_reference(const LinearTanhBackward<double>& a) {
  for (std::size_t i = 0; i < a.output.size(); ++i) {
    const double y = a.output.data[i];
    a.d_linear.data[i] = a.d_output.data[i] * (1.0 - y * y);
  }
  linear_backward_reference(a.input, a.weight, a.d_linear, a.d_input, a.d_weight, a.d_bias);
}

}  // namespace duel
