// Curves with few points, however long a run is.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace duel::app {

/// Neighbouring points of a curve as one.
struct Bucket {
  double x = 0;                        ///< mean
  double mean = 0, low = 0, high = 0;  ///< of the finite values; NaN where there are none: a gap
};

/// Puts the points (x[i], y[i]) into at most `most` buckets of nearly as many points each, in their order; as many
/// buckets as points where these are few enough.
std::vector<Bucket> into_buckets(std::span<const double> x, std::span<const double> y, std::size_t most);

}  // namespace duel::app
