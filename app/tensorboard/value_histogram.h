// How the values of a tensor are spread.
#pragma once

#include <span>
#include <vector>

namespace duel::app {

struct ValueHistogram {
  double min = 0, max = 0, count = 0, sum = 0, sum_squares = 0;  ///< of the finite values
  std::vector<double> limits;                                    ///< upper ends of the buckets, ascending
  std::vector<double> counts;                                    ///< as many
};

/// Of equally wide buckets from the least to the greatest value, 50 of them; a single one where all are the same.
/// Values that are not finite are left out; without any other there are no buckets.
ValueHistogram histogram_of(std::span<const float> values);

}  // namespace duel::app
