#include "engine/quality/manifold.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace duel {
namespace {

/// Squared distances to the k-th nearest other point.
std::vector<float> radii(const Neighbours& neighbours, int k) {
  std::vector<float> result;
  for (int i = 0; i < neighbours.count(); ++i) result.push_back(neighbours.squared_distance(i, k));  // rank 0: itself
  return result;
}

double share_of_positive(const std::vector<std::int32_t>& counts) {
  const auto positive = std::count_if(counts.begin(), counts.end(), [](std::int32_t count) { return count > 0; });
  return static_cast<double>(positive) / static_cast<double>(counts.size());
}

void require_points(int count, int least) {
  if (count < least) {
    throw std::invalid_argument("expected at least " + std::to_string(least) + " points, found " +
                                std::to_string(count));
  }
}

}  // namespace

Manifold::Manifold(const PairwiseDistances& distances, const Points& real)
    : distances_(distances), real_(distances.upload(real)) {
  require_points(real_.count, kNeighboursOfDensity + 1);
  const Neighbours neighbours = distances_.nearest(real_, real_, kNeighboursOfDensity + 1);
  precision_radii_ = radii(neighbours, kNeighboursOfPrecision);
  density_radii_ = radii(neighbours, kNeighboursOfDensity);
}

ManifoldScores Manifold::scores(const Points& samples) const {
  const DevicePoints fake = distances_.upload(samples);
  require_points(fake.count, kNeighboursOfPrecision + 1);
  const Neighbours of_fake = distances_.nearest(fake, fake, kNeighboursOfPrecision + 1);
  const auto in_real = distances_.count_balls(fake, real_, {precision_radii_, density_radii_});
  const auto in_fake = distances_.count_balls(real_, fake, {radii(of_fake, kNeighboursOfPrecision)});
  const Neighbours nearest_fake = distances_.nearest(real_, fake, 1);

  ManifoldScores scores;
  scores.precision = share_of_positive(in_real[0]);
  scores.recall = share_of_positive(in_fake[0]);
  double balls = 0;
  for (const std::int32_t count : in_real[1]) balls += count;
  scores.density = balls / (static_cast<double>(kNeighboursOfDensity) * fake.count);
  int covered = 0;
  for (int i = 0; i < real_.count; ++i) {
    if (nearest_fake.squared_distance(i, 0) <= density_radii_[static_cast<std::size_t>(i)]) ++covered;
  }
  scores.coverage = static_cast<double>(covered) / real_.count;
  return scores;
}

}  // namespace duel
