#include <algorithm>
#include <cmath>

#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"

namespace duel {

void log_sum_exp_rows_reference(const LogSumExpRows<double>& a) {
  const int columns = a.values.columns, scales = a.rates.rows;
  for (int row = 0; row < a.values.rows; ++row) {
    const double* values = a.values.data + static_cast<std::size_t>(row) * columns;
    const double before = a.least.data[row], least = std::min(before, *std::min_element(values, values + columns));
    for (int s = 0; s < scales; ++s) {
      const double rate = a.rates.data[s];
      double& sum = a.sums.data[static_cast<std::size_t>(row) * scales + s];
      sum = sum > 0 ? sum * std::exp(-rate * (before - least)) : 0;
      for (int c = 0; c < columns; ++c) sum += std::exp(-rate * (values[c] - least));
    }
    a.least.data[row] = least;
  }
}

}  // namespace duel
