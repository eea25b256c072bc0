#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"

namespace duel {

void smallest_in_rows_reference(const SmallestInRows<double>& a) {
  const int columns = a.values.columns, k = a.smallest.columns;
  for (int row = 0; row < a.values.rows; ++row) {
    const double* values = a.values.data + static_cast<std::size_t>(row) * columns;
    double* smallest = a.smallest.data + static_cast<std::size_t>(row) * k;
    std::int32_t* places = a.places.data + static_cast<std::size_t>(row) * k;
    std::vector<std::pair<double, std::int32_t>> all;
    for (int i = 0; i < k; ++i) all.emplace_back(smallest[i], places[i]);
    for (int c = 0; c < columns; ++c) {
      if (!std::isnan(values[c])) all.emplace_back(values[c], a.first_column + c);
    }
    std::sort(all.begin(), all.end());
    for (int i = 0; i < k; ++i) {
      smallest[i] = all[static_cast<std::size_t>(i)].first;
      places[i] = all[static_cast<std::size_t>(i)].second;
    }
  }
}

}  // namespace duel
