// A linear layer in double precision on host memory: what the references of the linear ops share.
#pragma once

#include <algorithm>

#include "kernels/runtime/view.h"

namespace duel {

template <class T>
T& at(const Matrix<T>& matrix, int row, int column) {
  return matrix.data[static_cast<std::size_t>(row) * matrix.columns + column];
}

/// a [batch, out] = x Wᵀ + b, of x [batch, in], W [out, in], b [out].
inline void linear_reference(const Matrix<const double>& input, const Matrix<const double>& weight,
                             const Vector<const double>& bias, const Matrix<double>& linear) {
  for (int row = 0; row < input.rows; ++row) {
    for (int out = 0; out < weight.rows; ++out) {
      double sum = bias.data[out];
      for (int in = 0; in < input.columns; ++in) sum += at(input, row, in) * at(weight, out, in);
      at(linear, row, out) = sum;
    }
  }
}

/// Gradients of linear_reference for d = dL/da [batch, out]: dL/dx = d W, dL/dW = dᵀ x, dL/db = the sums of d's
/// columns. What is absent is left out.
inline void linear_backward_reference(const Matrix<const double>& input, const Matrix<const double>& weight,
                                      const Matrix<const double>& d_linear, const Matrix<double>& d_input,
                                      const Matrix<double>& d_weight, const Vector<double>& d_bias) {
  if (d_input) std::fill_n(d_input.data, d_input.size(), 0.0);
  if (d_weight) std::fill_n(d_weight.data, d_weight.size(), 0.0);
  if (d_bias) std::fill_n(d_bias.data, d_bias.size(), 0.0);
  for (int row = 0; row < d_linear.rows; ++row) {
    for (int out = 0; out < d_linear.columns; ++out) {
      const double d = at(d_linear, row, out);
      if (d_bias) d_bias.data[out] += d;
      for (int in = 0; in < input.columns; ++in) {
        if (d_input) at(d_input, row, in) += d * at(weight, out, in);
        if (d_weight) at(d_weight, out, in) += d * at(input, row, in);
      }
    }
  }
}

}  // namespace duel
