// The Fréchet distance of two sets of features: of the two Gaussians that have their means and covariances. On the
// features of an Inception network it is the FID; here the features are those of our own classifier, so values cannot
// be compared with published FIDs.
// Source: M. Heusel et al., GANs trained by a two time-scale update rule converge to a local Nash equilibrium (2017).
#pragma once

#include <vector>

#include "engine/quality/points.h"

namespace duel {

/// Mean and covariance of points, in double precision.
struct Moments {
  int dimension = 0;
  std::vector<double> mean;        ///< [dimension]
  std::vector<double> covariance;  ///< [dimension, dimension], divided by count - 1
};

/// Throws std::invalid_argument for fewer than two points.
Moments moments_of(const Points& points);

/// |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^(1/2)), at least 0. The trace of the root is the sum of the roots of the
/// eigenvalues of C1^(1/2) C2 C1^(1/2), which is symmetric, so that no covariance has to be of full rank. Throws
/// std::invalid_argument where the dimensions differ.
double frechet_distance(const Moments& a, const Moments& b);

}  // namespace duel
