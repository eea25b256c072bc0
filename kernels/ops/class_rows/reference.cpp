#include "kernels/reference.h"
#include "kernels/ops/class_rows/class_rows.h"

namespace duel {

void class_rows_reference(const ClassRows<double>& a) {
  for (int row = 0; row < a.discriminator.rows; ++row) {
    for (int c = 0; c < a.discriminator.columns; ++c) {
      at(a.discriminator, row, c) = a.label(c) == row / a.pixels ? 1 : 0;
    }
  }
  for (int row = 0; row < a.generator.rows; ++row) {
    for (int c = 0; c < a.generator.columns; ++c) {
      at(a.generator, row, c) = a.generated_labels.data[c] == row ? 1 : 0;
    }
  }
}

}  // namespace duel
