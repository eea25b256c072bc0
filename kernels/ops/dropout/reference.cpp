#include "kernels/ops/dropout/reference.h"

#include "kernels/linear/reference.h"
#include "kernels/ops/dropout/dropout.h"

namespace duel {

void dropout_reference(const Dropout<double>& a) {
  for (int row = 0; row < a.input.rows; ++row) {
    for (int column = 0; column < a.input.columns; ++column) {
      const double factor = dropout_factor(a.mask, row, column);
      at(a.output, row, column) = factor > 0 ? at(a.input, row, column) * factor : 0.0;
    }
  }
}

}  // namespace duel
