// How well the supports of two distributions cover each other, by balls around each point that reach to its k-th
// nearest neighbour in its own set.
// Sources: precision and recall of T. Kynkäänniemi et al., Improved precision and recall metric for assessing
// generative models (2019); density and coverage of M. F. Naeem et al., Reliable fidelity and diversity metrics for
// generative models (2020), which a few outliers among the real points do not move.
#pragma once

#include "engine/quality/pairwise_distances.h"

namespace duel {

inline constexpr int kNeighboursOfPrecision = 3;  ///< k of precision and recall, as in the paper
inline constexpr int kNeighboursOfDensity = 5;    ///< k of density and coverage, as in the paper

struct ManifoldScores {
  double precision = 0;  ///< share of the samples that lie in a ball of the real points (k = 3)
  double recall = 0;     ///< share of the real points that lie in a ball of the samples (k = 3)
  double density = 0;    ///< balls of real points that a sample lies in, over k (k = 5); may exceed 1
  double coverage = 0;   ///< share of the real points whose ball holds a sample (k = 5)
};

/// The real points with the radii of their balls.
class Manifold {
 public:
  /// Throws std::invalid_argument for fewer than 6 points. `distances` must outlive the object.
  Manifold(const PairwiseDistances& distances, const Points& real);

  /// Scores of samples in the same space. Throws std::invalid_argument for fewer than 4.
  ManifoldScores scores(const Points& samples) const;

 private:
  const PairwiseDistances& distances_;
  DevicePoints real_;
  std::vector<float> precision_radii_, density_radii_;  ///< squared
};

}  // namespace duel
