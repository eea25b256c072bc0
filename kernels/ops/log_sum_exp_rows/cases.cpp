#include "kernels/ops/log_sum_exp_rows/cases.h"

#include <limits>

namespace duel::verify {
namespace {

using LogSumExp = LogSumExpRows<float>;

// Distances as those of images, rates as those of windows from 0.1 to 1. Rows have seen nothing yet, or something
// nearer or farther than these values, in turns.
LogSumExpRows<double> make(HostTensors& host, const LogSumExp& shapes) {
  const int rows = shapes.values.rows, scales = shapes.rates.rows;
  LogSumExpRows<double> a{};
  a.values = host.uniform(rows, shapes.values.columns, 5, 90);
  a.rates = host.uniform(scales, 0.01, 50);
  std::vector<double> least, sums;
  for (int row = 0; row < rows; ++row) {
    least.push_back(row % 3 == 0 ? std::numeric_limits<double>::infinity() : row % 3 == 1 ? 4.75 : 97.5);
    for (int s = 0; s < scales; ++s) sums.push_back(row % 3 == 0 ? 0 : 1 + 0.25 * s);
  }
  a.least = host.vector(least);
  a.sums = {host.vector(sums).data, rows, scales};
  return a;
}

LogSumExp shapes_of(int rows, int columns, int scales) {
  LogSumExp a{};
  a.values = shape<const float>(rows, columns);
  a.rates = shape<const float>(scales);
  a.least = shape<float>(rows);
  a.sums = shape<float>(rows, scales);
  return a;
}

std::vector<Case<LogSumExp>> cases() {
  std::vector<Case<LogSumExp>> result;
  const auto add = [&](int rows, int columns, int scales, int misalignment, bool of_training) {
    std::string name = std::to_string(rows) + " x " + std::to_string(columns) + ", " + std::to_string(scales) +
                       (scales == 1 ? " rate" : " rates");
    if (misalignment > 0) name += ", " + std::to_string(misalignment) + " elements off";
    result.push_back({name, shapes_of(rows, columns, scales), misalignment, of_training});
  };
  add(1024, 4096, 1, 0, true);
  add(256, 4096, 10, 0, true);
  for (const int rows : {1, 7, 8, 9, 33}) {
    for (const int columns : {1, 5, 31, 32, 33, 129, 257}) add(rows, columns, columns % 4 + 1, 0, false);
  }
  for (const int misalignment : {1, 2, 3}) add(20, 300, 3, misalignment, false);
  return result;
}

}  // namespace

// A term e^-x: the difference and the product round x, which changes the term by 2 x roundings of it, and the
// exponential is good to 3 units in its last place, 6 roundings. Terms below the smallest normal number may be lost.
Bounds log_sum_exp_rows_bounds(const LogSumExpRows<double>& before, const LogSumExpRows<double>& after) {
  const int columns = after.values.columns, scales = after.rates.rows;
  std::vector<double> sums(after.sums.size());
  for (int row = 0; row < after.values.rows; ++row) {
    const double least = after.least.data[row], least_before = before.least.data[row];
    for (int s = 0; s < scales; ++s) {
      const auto error_of_term = [&](double value) {
        const double x = after.rates.data[s] * (value - least);
        return std::exp(-x) * (2 * x + 6) * kRounding + 0x1p-125;
      };
      const std::size_t i = static_cast<std::size_t>(row) * scales + s;
      double& bound = sums[i];
      bound = sum_error(columns + 1) * after.sums.data[i];
      if (before.sums.data[i] > 0) bound += before.sums.data[i] * error_of_term(least_before);
      for (int c = 0; c < columns; ++c) {
        bound += error_of_term(after.values.data[static_cast<std::size_t>(row) * columns + c]);
      }
    }
  }
  Bounds bounds;
  bounds.set("sums", std::move(sums));
  return bounds;
}

OpCases<LogSumExpRows<double>, LogSumExpRows<float>> log_sum_exp_rows_cases() {
  return {log_sum_exp_rows_op(),
          log_sum_exp_rows_reference,
          make,
          log_sum_exp_rows_bounds,
          cases,
          nullptr,
          {{{"rows", 1024}, {"columns", 4096}, {"rates", 1}},
           [](const std::vector<int>& n) { return shapes_of(n[0], n[1], n[2]); }}};
}

}  // namespace duel::verify
