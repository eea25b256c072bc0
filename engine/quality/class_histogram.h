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

/// How many classes have a share.
int classes_found(const std::vector<double>& shares);

/// The Kullback-Leibler divergence of the shares from the expected ones, nats: 0 where they are equal, log(classes)
/// where all images are of one class of equally frequent ones. That of n images which are drawn as expected is about
/// (classes - 1) / 2n. Throws std::invalid_argument where there are not as many of both, or a class has a share of
/// which none is expected.
double class_divergence(const std::vector<double>& shares, const std::vector<double>& expected);

/// Every image counts for its most probable class. `probabilities`: [images, classes]. Throws std::invalid_argument
/// where there are none.
ClassHistogram class_histogram(const Points& probabilities);

}  // namespace duel
