// Samples that are copies: of each other, or of training images. Distances are of pixels in [0, 1].
#pragma once

#include <cstdint>
#include <vector>

#include "engine/quality/pairwise_distances.h"

namespace duel {

/// Distances (not squared) of each point to the nearest other point of the same set.
std::vector<double> nearest_other_distances(const PairwiseDistances& distances, const DevicePoints& points);

/// Distances (not squared) of each query to the nearest point.
std::vector<double> nearest_distances(const PairwiseDistances& distances, const DevicePoints& queries,
                                      const DevicePoints& points);

/// Pairs of points of the set that are at most `threshold` apart.
std::int64_t close_pairs(const PairwiseDistances& distances, const DevicePoints& points, double threshold);

}  // namespace duel
