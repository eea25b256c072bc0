#include "kernels/ops/count_in_rows/count_in_rows.h"

namespace duel {

void count_in_rows_reference(const CountInRows<double>& a) {
  const int columns = a.values.columns;
  for (int row = 0; row < a.values.rows; ++row) {
    for (int c = 0; c < columns; ++c) {
      if (a.values.data[static_cast<std::size_t>(row) * columns + c] <= a.limits.data[c]) ++a.counts.data[row];
    }
  }
}

}  // namespace duel
