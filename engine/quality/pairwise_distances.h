// What needs the distances of all pairs of two sets of points, computed on the device tile by tile: no matrix of all
// distances ever exists. Distances are squared, and good to a few roundings of themselves
// (kernels/ops/squared_distances/squared_distances.h), so points that are equal have distance 0.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/quality/points.h"
#include "kernels/kernel_selection.h"
#include "kernels/runtime/buffer.h"

namespace duel {

/// Points in the device's memory.
struct DevicePoints {
  DeviceBuffer<float> memory;
  int count = 0, dimension = 0;

  Matrix<const float> view() const { return memory.matrix(count, dimension); }
};

/// Of each query the k nearest points, nearest first; of equally near ones the first.
struct Neighbours {
  int k = 0;
  std::vector<float> squared_distances;  ///< [queries, k]; infinite where there are fewer points
  std::vector<std::int32_t> indices;     ///< [queries, k]

  int count() const { return static_cast<int>(indices.size()) / k; }
  float squared_distance(int query, int rank) const {
    return squared_distances[static_cast<std::size_t>(query) * k + rank];
  }
  std::int32_t index(int query, int rank) const { return indices[static_cast<std::size_t>(query) * k + rank]; }
};

class PairwiseDistances {
 public:
  /// Told now and then how much more is done: distances times dimensions.
  using Advance = std::function<void(double work)>;

  /// Throws CudaError, as all that follows.
  explicit PairwiseDistances(const KernelSelection& kernels = {}, Advance advance = {});

  /// Throws std::invalid_argument for no points, or values that are no whole points.
  DevicePoints upload(const Points& points) const;

  /// `k` from 1 to kMostSmallest. Where both sets are the same, each point's first neighbour is itself, or one equal to
  /// it: k + 1 neighbours hold the k nearest others.
  Neighbours nearest(const DevicePoints& queries, const DevicePoints& points, int k) const;

  /// For each set of squared radii [points], and each query, in how many balls around the points it lies: distance at
  /// most the radius.
  std::vector<std::vector<std::int32_t>> count_balls(const DevicePoints& queries, const DevicePoints& points,
                                                     const std::vector<std::vector<float>>& squared_radii) const;

  /// For each query and rate log of the sum over all points of exp(-rate * squared distance), [queries, rates].
  std::vector<double> log_sum_exp(const DevicePoints& queries, const DevicePoints& points,
                                  const std::vector<float>& rates) const;

 private:
  /// distances: of the queries from `row` on to the points from `column` on.
  using TakeTile = std::function<void(Matrix<const float> distances, int row, int column)>;
  void for_each_tile(const DevicePoints& queries, const DevicePoints& points, const TakeTile& take) const;

  KernelSelection kernels_;
  Advance advance_;
  Stream stream_;
  DeviceBuffer<float> tile_;
};

}  // namespace duel
