// A generator that begins with the mean of the images.
#pragma once

#include <vector>

#include "engine/io/idx.h"

namespace duel {

/// For each value of an image b with 1 / (1 + e^-b) = its mean over all images, of bytes as numbers from 0 to 1: a
/// sigmoid head with these biases draws the mean image while its weights say nothing. Means are kept 1e-7 away from 0
/// and 1. Source: init_sigmoid_bias_from_marginals of pylearn2.
std::vector<float> biases_of_marginals(const ImageSet& images);

}  // namespace duel
