// What the references of the fused ops share: tensors with a sample per column as the plain ops have them, a sample per
// row, and back. Double precision, host memory.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/levels/parameter.h"
#include "kernels/linear/reference.h"

namespace duel {

/// A matrix in memory of its own.
struct HostMatrix {
  std::vector<double> values;
  int rows = 0, columns = 0;

  HostMatrix() = default;
  HostMatrix(int rows_, int columns_)
      : values(static_cast<std::size_t>(rows_) * columns_), rows(rows_), columns(columns_) {}
  Matrix<double> view() { return {values.data(), rows, columns}; }
};

/// Columns first ... first + count - 1 as rows.
template <class T>
HostMatrix transposed(const Matrix<T>& matrix, int first, int count) {
  HostMatrix result(count, matrix.rows);
  for (int row = 0; row < matrix.rows; ++row) {
    for (int i = 0; i < count; ++i) at(result.view(), i, row) = at(matrix, row, first + i);
  }
  return result;
}
template <class T>
HostMatrix transposed(const Matrix<T>& matrix) {
  return transposed(matrix, 0, matrix.columns);
}

/// Writes rows as the columns from `first` on.
inline void put_transposed(HostMatrix& rows, const Matrix<double>& to, int first = 0) {
  for (int i = 0; i < rows.rows; ++i) {
    for (int row = 0; row < to.rows; ++row) at(to, row, first + i) = at(rows.view(), i, row);
  }
}

/// Keeps the gradient where it is asked for; one update by the optimizer, if there is one.
template <int kRank>
void update_reference(const FusedParameter<double, kRank>& p, const std::vector<double>& gradient,
                      const FusedOptimizer& optimizer) {
  if (p.gradient) std::copy(gradient.begin(), gradient.end(), p.gradient.data);
  if (!optimizer.progress) return;
  const auto step = optimizer.settings.step<double>(optimizer.progress.data[0]);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    step.with([&](auto unit, const auto& unit_step) {
      constexpr int kStates = std::size(unit.kStates);
      double states[kStates];
      for (int s = 0; s < kStates; ++s) states[s] = p.state[s].data[i];
      unit_step.update(p.value.data[i], states, gradient[i]);
      for (int s = 0; s < kStates; ++s) p.state[s].data[i] = states[s];
    });
  }
}

}  // namespace duel
