// fused_gradient in terms of the plain ops, for its reference and its bounds.
#pragma once

#include "kernels/levels/reference.h"
#include "kernels/ops/fused_gradient/fused_gradient.h"

namespace duel {

/// (Wᵀ d) factor [batch, in], a sample per row.
inline HostMatrix fused_d_output(const FusedGradient<double>& a) {
  const int batch = a.d_below.columns;
  HostMatrix d = transposed(a.d_linear, a.first_column, batch), result(batch, a.weight.columns);
  for (int row = 0; row < batch; ++row) {
    for (int out = 0; out < a.weight.rows; ++out) {
      const double factor = a.factor ? a.factor.data[row] : 1.0;
      for (int in = 0; in < a.weight.columns; ++in) {
        at(result.view(), row, in) += factor * at(d.view(), row, out) * at(a.weight, out, in);
      }
    }
  }
  return result;
}

/// A vector's values as a plain op may read them after the fused op changed them.
template <class T>
std::vector<double> values_of(const Vector<T>& vector) {
  return std::vector<double>(vector.data, vector.data + vector.rows);
}

}  // namespace duel
