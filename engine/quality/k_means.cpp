#include "engine/quality/k_means.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "kernels/device/permutation.cuh"

namespace duel {
namespace {

std::vector<float> first_centres(const Points& points, int clusters, std::uint64_t seed) {
  std::vector<float> centres;
  for (int i = 0; i < clusters; ++i) {
    const auto chosen =
        permuted_index(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(points.count()), seed, 0);
    const auto point = points[static_cast<int>(chosen)];
    centres.insert(centres.end(), point.begin(), point.end());
  }
  return centres;
}

/// Every centre becomes the mean of its points.
void move_centres(const Points& points, const std::vector<std::int32_t>& clusters, std::vector<float>& centres) {
  const auto dimension = static_cast<std::size_t>(points.dimension);
  std::vector<double> sums(centres.size());
  std::vector<int> counts(centres.size() / dimension);
  for (int i = 0; i < points.count(); ++i) {
    const auto cluster = static_cast<std::size_t>(clusters[static_cast<std::size_t>(i)]);
    const auto point = points[i];
    double* const sum = &sums[cluster * dimension];
    for (std::size_t k = 0; k < dimension; ++k) sum[k] += static_cast<double>(point[k]);
    ++counts[cluster];
  }
  for (std::size_t i = 0; i < centres.size(); ++i) {
    if (counts[i / dimension] > 0) centres[i] = static_cast<float>(sums[i] / counts[i / dimension]);
  }
}

}  // namespace

std::vector<float> k_means(const PairwiseDistances& distances, const Points& points, int clusters, std::uint64_t seed,
                           int iterations) {
  if (clusters < 1 || points.count() < clusters) {
    throw std::invalid_argument("expected at least " + std::to_string(clusters) +
                                " points for as many clusters, found " + std::to_string(points.count()));
  }
  std::vector<float> centres = first_centres(points, clusters, seed);
  const DevicePoints on_device = distances.upload(points);
  std::vector<std::int32_t> before;
  for (int iteration = 0; iteration < iterations; ++iteration) {
    std::vector<std::int32_t> now = nearest_centres(distances, on_device, {centres, points.dimension});
    if (now == before) break;
    move_centres(points, now, centres);
    before = std::move(now);
  }
  return centres;
}

std::vector<std::int32_t> nearest_centres(const PairwiseDistances& distances, const DevicePoints& points,
                                          const Points& centres) {
  return distances.nearest(points, distances.upload(centres), 1).indices;
}

}  // namespace duel
