// Row-major products as BLAS libraries compute them: column-major.
#pragma once

#include "kernels/libraries/product.h"

namespace duel {

/// result [m, n] = op(first) op(second), all column-major: element (i, j) of a matrix is at [i + j * stride]. first is
/// [m, k], or [k, m] where it is transposed; second [k, n], or [n, k].
struct ColumnMajorProduct {
  bool transpose_first, transpose_second;
  int m, n, k;
  const float* first;
  int first_stride;
  const float* second;
  int second_stride;
  float* result;
  int result_stride;
};

/// The same product. Memory that holds a row-major matrix holds its transpose column-major, and C = op(A) op(B) is
/// Cᵀ = op(B)ᵀ op(A)ᵀ: the operands change places, and each is transposed where the row-major one was.
inline ColumnMajorProduct column_major(const LibraryProduct& p) {
  return {.transpose_first = p.b.transposed,
          .transpose_second = p.a.transposed,
          .m = p.columns(),
          .n = p.rows(),
          .k = p.depth(),
          .first = p.b.data,
          .first_stride = p.b.stride,
          .second = p.a.data,
          .second_stride = p.a.stride,
          .result = p.result,
          .result_stride = p.result_stride};
}

/// Rows [begin, begin + count) of the result.
inline ColumnMajorProduct rows_of(ColumnMajorProduct p, int begin, int count) {
  p.first += static_cast<std::size_t>(begin) * (p.transpose_first ? p.first_stride : 1);
  p.result += begin;
  p.m = count;
  return p;
}

/// Columns [begin, begin + count) of the result.
inline ColumnMajorProduct columns_of(ColumnMajorProduct p, int begin, int count) {
  p.second += static_cast<std::size_t>(begin) * (p.transpose_second ? 1 : p.second_stride);
  p.result += static_cast<std::size_t>(begin) * p.result_stride;
  p.n = count;
  return p;
}

}  // namespace duel
