// Which classes a classifier sees in a set of images, and how evenly.
#pragma once

#include <optional>
#include <vector>

#include "engine/quality/points.h"

namespace duel {

struct ClassHistogram {
  std::vector<double> shares;  ///< of the images, by class; they sum to 1
  double entropy = 0;          ///< of the shares, nats: log(classes) where they are equal, 0 where there is one class
  double largest = 0;          ///< the largest share
  /// The same of real images, where they are known: datasets need not be balanced.
  std::optional<double> real_entropy{}, real_largest{};
};

/// Of shares that sum to 1.
ClassHistogram class_histogram(std::vector<double> shares);

/// Every image counts for its most probable class. `probabilities`: [images, classes]. Throws std::invalid_argument
/// where there are none.
ClassHistogram class_histogram(const Points& probabilities);

}  // namespace duel
