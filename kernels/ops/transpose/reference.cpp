#include "kernels/reference.h"
#include "kernels/ops/transpose/transpose.h"

namespace duel {

void transpose_reference(const Transpose<double>& a) {
  for (int row = 0; row < a.output.rows; ++row) {
    for (int column = 0; column < a.output.columns; ++column) {
      at(a.output, row, column) = at(a.input, column, a.first_column + row);
    }
  }
}

}  // namespace duel
