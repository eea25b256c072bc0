#include "kernels/reference.h"
#include "kernels/ops/scale_columns/scale_columns.h"

namespace duel {

void scale_columns_reference(const ScaleColumns<double>& a) {
  for (int row = 0; row < a.output.rows; ++row) {
    for (int c = 0; c < a.output.columns; ++c) at(a.output, row, c) = at(a.gradient, row, c) * a.factor.data[c];
  }
}

}  // namespace duel
