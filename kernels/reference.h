// What the references of ops share.
#pragma once

#include <cstddef>

#include "kernels/runtime/view.h"

namespace duel {

/// A matrix's value, on host memory.
template <class T>
T& at(const Matrix<T>& matrix, int row, int column) {
  return matrix.data[static_cast<std::size_t>(row) * matrix.columns + column];
}

}  // namespace duel
