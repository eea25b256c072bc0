#include "engine/quality/copies.h"

#include <cmath>

namespace duel {
namespace {

std::vector<double> roots(const Neighbours& neighbours, int rank) {
  std::vector<double> result;
  for (int i = 0; i < neighbours.count(); ++i) {
    result.push_back(std::sqrt(static_cast<double>(neighbours.squared_distance(i, rank))));
  }
  return result;
}

}  // namespace

std::vector<double> nearest_other_distances(const PairwiseDistances& distances, const DevicePoints& points) {
  return roots(distances.nearest(points, points, 2), 1);  // rank 0: the point itself, or one equal to it
}

std::vector<double> nearest_distances(const PairwiseDistances& distances, const DevicePoints& queries,
                                      const DevicePoints& points) {
  return roots(distances.nearest(queries, points, 1), 0);
}

std::int64_t close_pairs(const PairwiseDistances& distances, const DevicePoints& points, double threshold) {
  const std::vector<float> radii(static_cast<std::size_t>(points.count), static_cast<float>(threshold * threshold));
  std::int64_t total = 0;
  const auto counts = distances.count_balls(points, points, {radii});
  for (const std::int32_t count : counts[0]) total += count - 1;  // but itself
  return total / 2;
}

}  // namespace duel
