#include "kernels/ops/linear_sigmoid/linear_sigmoid.h"

#include <cmath>

#include "kernels/linear/reference.h"

namespace duel {

void linear_sigmoid_forward_reference(const LinearSigmoidForward<double>& a) {
  linear_reference(a.input, a.weight, a.bias, a.output);
  for (std::size_t i = 0; i < a.output.size(); ++i) a.output.data[i] = 1.0 / (1.0 + std::exp(-a.output.data[i]));
}

void linear_sigmoid_backward_reference(const LinearSigmoidBackward<double>& a) {
  for (std::size_t i = 0; i < a.output.size(); ++i) {
    const double y = a.output.data[i];
    a.d_linear.data[i] = a.d_output.data[i] * y * (1.0 - y);
  }
  linear_backward_reference(a.input, a.weight, a.d_linear, a.d_input, a.d_weight, a.d_bias);
}

}  // namespace duel
