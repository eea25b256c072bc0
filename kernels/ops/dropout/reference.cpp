#include "kernels/ops/dropout/reference.h"

#include "kernels/ops/dropout/dropout.h"
#include "kernels/reference.h"

namespace duel {

void dropout_reference(const Dropout<double>& a) {
  for (int row = 0; row < a.input.rows; ++row) {
    for (int sample = a.first_column; sample < a.input.columns; ++sample) {
      const double factor = dropout_factor(a.mask, sample, row);
      at(a.output, row, sample) = factor > 0 ? at(a.input, row, sample) * factor : 0.0;
    }
  }
}

}  // namespace duel
