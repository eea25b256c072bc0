// The inception score of a classifier's probabilities: exp of the mean Kullback-Leibler divergence of p(class | image)
// from p(class). 1 where all images look alike to the classifier, the number of classes where it is certain of each and
// all classes are equally frequent. The classifier is ours, not an Inception network, and all images are one split.
// Source: T. Salimans et al., Improved techniques for training GANs (2016).
#pragma once

#include "engine/quality/points.h"

namespace duel {

/// `probabilities`: [images, classes], rows that sum to 1. Throws std::invalid_argument where there are none.
double inception_score(const Points& probabilities);

}  // namespace duel
