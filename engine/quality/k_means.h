// k-means clustering of points, distances on the device.
// Source: S. Lloyd, Least squares quantization in PCM (1982).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/quality/pairwise_distances.h"

namespace duel {

/// Centres [clusters, dimension], from `clusters` different points chosen by `seed`, after at most `iterations` moves
/// of all centres or when no point changes its cluster. A cluster without points keeps its centre. Throws
/// std::invalid_argument for fewer points than clusters.
std::vector<float> k_means(const PairwiseDistances& distances, const Points& points, int clusters, std::uint64_t seed,
                           int iterations);

/// The nearest centre of each point.
std::vector<std::int32_t> nearest_centres(const PairwiseDistances& distances, const DevicePoints& points,
                                          const Points& centres);

}  // namespace duel
