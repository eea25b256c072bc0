#include "kernels/ops/smallest_in_rows/cases.h"

#include <limits>

namespace duel::verify {
namespace {

using Smallest = SmallestInRows<float>;

// Whole numbers in few steps, so that many are equal. Rows have seen nothing yet, or as many values as they keep, in
// turns.
SmallestInRows<double> make(HostTensors& host, const Smallest& shapes) {
  const int rows = shapes.values.rows, k = shapes.smallest.columns;
  SmallestInRows<double> a{};
  a.first_column = shapes.first_column;
  a.values = host.integers(rows, shapes.values.columns, 0, 40);
  std::vector<double> smallest;
  std::vector<std::int32_t> places;
  for (int row = 0; row < rows; ++row) {
    const bool is_new = row % 2 == 0 || shapes.first_column < k;
    for (int i = 0; i < k; ++i) {
      smallest.push_back(is_new ? std::numeric_limits<double>::infinity() : row % 7 + 2 * i);
      places.push_back(is_new ? kNoPlace : i);
    }
  }
  a.smallest = {host.vector(smallest).data, rows, k};
  a.places = {host.vector(places).data, rows, k};
  return a;
}

Smallest shapes_of(int rows, int columns, int k, int first_column) {
  Smallest a{};
  a.values = shape<const float>(rows, columns);
  a.first_column = first_column;
  a.smallest = shape<float>(rows, k);
  a.places = shape<std::int32_t>(rows, k);
  return a;
}

std::vector<Case<Smallest>> cases() {
  std::vector<Case<Smallest>> result;
  const auto add = [&](int rows, int columns, int k, int first_column, int misalignment, bool of_training) {
    std::string name = std::to_string(k) + " of " + std::to_string(columns) + " in " + std::to_string(rows) + " rows";
    if (first_column > 0) name += ", behind " + std::to_string(first_column);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(rows, columns, k, first_column), misalignment, of_training});
  };
  add(1024, 4096, 6, 4096, 0, true);
  for (const int rows : {1, 7, 8, 9, 33}) {
    for (const int columns : {1, 5, 31, 32, 33, 255, 256, 257, 600}) add(rows, columns, rows % 8 + 1, 100, 0, false);
  }
  for (const int k : {1, 2, 3, 4, 5, 6, 7, 8}) add(20, 300, k, 0, 0, false);
  for (const int misalignment : {1, 2, 3}) add(20, 300, 3, 100, misalignment, false);
  return result;
}

}  // namespace

OpCases<SmallestInRows<double>, SmallestInRows<float>> smallest_in_rows_cases() {
  return {smallest_in_rows_op(),
          smallest_in_rows_reference,
          make,
          [](const auto&, const auto&) { return Bounds{}; },
          cases,
          nullptr,
          {{{"rows", 1024}, {"columns", 4096}, {"k", 6}},
           [](const std::vector<int>& n) { return shapes_of(n[0], n[1], n[2], 0); }}};
}

}  // namespace duel::verify
