// A product of matrices as values, for whichever library computes it.
#pragma once

#include "kernels/runtime/view.h"

namespace duel {

/// A factor of a product: a row-major matrix whose rows are `stride` apart, or its transpose.
struct Factor {
  const float* data;
  int rows, columns, stride;  ///< as they lie in memory
  bool transposed = false;
};

inline Factor factor(const Matrix<const float>& matrix) {
  return {matrix.data, matrix.rows, matrix.columns, matrix.columns};
}
inline Factor transposed_factor(const Matrix<const float>& matrix) {
  return {matrix.data, matrix.rows, matrix.columns, matrix.columns, true};
}
/// Of `count` columns of the matrix from `first` on.
inline Factor factor_of_columns(const Matrix<const float>& matrix, int first, int count) {
  return {matrix.data + first, matrix.rows, count, matrix.columns};
}

/// result [rows(), columns()] = a b, row-major, its rows `result_stride` apart.
struct LibraryProduct {
  Factor a, b;
  float* result;
  int result_stride;

  int rows() const { return a.transposed ? a.columns : a.rows; }
  int columns() const { return b.transposed ? b.rows : b.columns; }
  int depth() const { return a.transposed ? a.rows : a.columns; }
};

}  // namespace duel
