#include "kernels/ops/count_in_rows/cases.h"

namespace duel::verify {
namespace {

using Count = CountInRows<float>;

// Whole numbers, so that some values equal their limits.
CountInRows<double> make(HostTensors& host, const Count& shapes) {
  const int rows = shapes.values.rows;
  CountInRows<double> a{};
  a.values = host.integers(rows, shapes.values.columns, 0, 9);
  a.limits = host.integers(shapes.values.columns, -1, 10);
  std::vector<std::int32_t> counts;
  for (int row = 0; row < rows; ++row) counts.push_back(row % 5);
  a.counts = host.vector(counts);
  return a;
}

Count shapes_of(int rows, int columns) {
  Count a{};
  a.values = shape<const float>(rows, columns);
  a.limits = shape<const float>(columns);
  a.counts = shape<std::int32_t>(rows);
  return a;
}

std::vector<Case<Count>> cases() {
  std::vector<Case<Count>> result;
  const auto add = [&](int rows, int columns, int misalignment, bool of_training) {
    std::string name = std::to_string(rows) + " x " + std::to_string(columns);
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(rows, columns), misalignment, of_training});
  };
  add(1024, 4096, 0, true);
  for (const int rows : {1, 7, 8, 9, 16, 17, 33}) {
    for (const int columns : {1, 5, 31, 32, 33, 129, 257}) add(rows, columns, 0, false);
  }
  for (const int misalignment : {1, 2, 3}) add(20, 300, misalignment, false);
  return result;
}

}  // namespace

OpCases<CountInRows<double>, CountInRows<float>> count_in_rows_cases() {
  return {count_in_rows_op(),
          count_in_rows_reference,
          make,
          [](const auto&, const auto&) { return Bounds{}; },
          cases,
          nullptr,
          {{{"rows", 1024}, {"columns", 4096}}, [](const std::vector<int>& n) { return shapes_of(n[0], n[1]); }}};
}

}  // namespace duel::verify
