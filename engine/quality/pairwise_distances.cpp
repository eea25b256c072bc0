#include "engine/quality/pairwise_distances.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "kernels/ops/count_in_rows/count_in_rows.h"
#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"
#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"
#include "kernels/ops/squared_distances/squared_distances.h"

namespace duel {
namespace {

// 8 MiB of distances: enough blocks for any GPU, little enough for a processor's last cache.
constexpr int kTileRows = 1024, kTileColumns = 2048;

template <class T>
DeviceBuffer<T> filled(std::size_t size, T value, StreamView stream) {
  const std::vector<T> values(size, value);
  return {values, stream};
}

}  // namespace

PairwiseDistances::PairwiseDistances(const KernelSelection& kernels, Advance advance)
    : kernels_(kernels), advance_(std::move(advance)), tile_(static_cast<std::size_t>(kTileRows) * kTileColumns) {}

DevicePoints PairwiseDistances::upload(const Points& points) const {
  if (points.count() == 0 || points.values.size() % static_cast<std::size_t>(points.dimension) != 0) {
    throw std::invalid_argument("expected whole points of " + std::to_string(points.dimension) +
                                " values and at least one, found " + std::to_string(points.values.size()) + " values");
  }
  return {DeviceBuffer<float>(points.values, stream_), points.count(), points.dimension};
}

void PairwiseDistances::for_each_tile(const DevicePoints& queries, const DevicePoints& points,
                                      const TakeTile& take) const {
  for (int row = 0; row < queries.count; row += kTileRows) {
    const int rows = std::min(kTileRows, queries.count - row);
    for (int column = 0; column < points.count; column += kTileColumns) {
      const int columns = std::min(kTileColumns, points.count - column);
      const Matrix<float> tile = tile_.matrix(rows, columns);
      kernels_.run(
          squared_distances_op(),
          {.a = queries.view().row_range(row, rows), .b = points.view().row_range(column, columns), .distances = tile},
          stream_);
      take(tile, row, column);
    }
    if (!advance_) continue;
    stream_.synchronize();  // what is only enqueued is not done
    advance_(1.0 * rows * points.count * points.dimension);
  }
}

Neighbours PairwiseDistances::nearest(const DevicePoints& queries, const DevicePoints& points, int k) const {
  const std::size_t size = static_cast<std::size_t>(queries.count) * k;
  const auto smallest = filled(size, std::numeric_limits<float>::infinity(), stream_);
  const auto places = filled(size, kNoPlace, stream_);
  for_each_tile(queries, points, [&](Matrix<const float> distances, int row, int column) {
    kernels_.run(smallest_in_rows_op(),
                 {.values = distances,
                  .first_column = column,
                  .smallest = smallest.matrix(queries.count, k).row_range(row, distances.rows),
                  .places = places.matrix(queries.count, k).row_range(row, distances.rows)},
                 stream_);
  });
  return {k, smallest.download(stream_), places.download(stream_)};
}

std::vector<std::vector<std::int32_t>> PairwiseDistances::count_balls(
    const DevicePoints& queries, const DevicePoints& points,
    const std::vector<std::vector<float>>& squared_radii) const {
  std::vector<DeviceBuffer<float>> limits;
  std::vector<DeviceBuffer<std::int32_t>> counts;
  for (const std::vector<float>& radii : squared_radii) {
    if (static_cast<int>(radii.size()) != points.count) {
      throw std::invalid_argument("expected a radius for each of " + std::to_string(points.count) + " points, found " +
                                  std::to_string(radii.size()));
    }
    limits.emplace_back(radii, stream_);
    counts.push_back(filled(static_cast<std::size_t>(queries.count), std::int32_t{0}, stream_));
  }
  for_each_tile(queries, points, [&](Matrix<const float> distances, int row, int column) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
      kernels_.run(count_in_rows_op(),
                   {.values = distances,
                    .limits = limits[i].vector().row_range(column, distances.columns),
                    .counts = counts[i].vector().row_range(row, distances.rows)},
                   stream_);
    }
  });
  std::vector<std::vector<std::int32_t>> result;
  for (const auto& count : counts) result.push_back(count.download(stream_));
  return result;
}

std::vector<double> PairwiseDistances::log_sum_exp(const DevicePoints& queries, const DevicePoints& points,
                                                   const std::vector<float>& rates) const {
  const std::size_t scales = rates.size();
  const DeviceBuffer<float> device_rates(rates, stream_);
  const auto least = filled(static_cast<std::size_t>(queries.count), std::numeric_limits<float>::infinity(), stream_);
  const auto sums = filled(static_cast<std::size_t>(queries.count) * scales, 0.f, stream_);
  for_each_tile(queries, points, [&](Matrix<const float> distances, int row, int) {
    kernels_.run(log_sum_exp_rows_op(),
                 {.values = distances,
                  .rates = device_rates.vector(),
                  .least = least.vector().row_range(row, distances.rows),
                  .sums = sums.matrix(queries.count, static_cast<int>(scales)).row_range(row, distances.rows)},
                 stream_);
  });
  const std::vector<float> least_values = least.download(stream_), sum_values = sums.download(stream_);
  std::vector<double> result;
  for (std::size_t i = 0; i < sum_values.size(); ++i) {
    result.push_back(std::log(static_cast<double>(sum_values[i])) -
                     static_cast<double>(rates[i % scales]) * static_cast<double>(least_values[i / scales]));
  }
  return result;
}

}  // namespace duel
