// The images of a dataset that are nearest to given ones: whether a generator memorises what it was trained on.
#pragma once

#include <vector>

#include "engine/io/idx.h"
#include "engine/networks/generator.h"
#include "kernels/kernel_selection.h"

namespace duel {

/// An image of a set, and how far it is from a given one.
struct NearImage {
  int index = -1;       ///< -1: none, as the given image has pixels that are not finite
  double distance = 0;  ///< Euclidean, of pixels from 0 (black) to 1 (white)
};

/// For each of `images` the `count` nearest ones of the set, nearest first: [images.count, count]. Of equally near ones
/// the lower index comes first. Throws std::invalid_argument where the sizes of the images differ, or `count` is not
/// from 1 to kMostSmallest or more than the set has; CudaError.
std::vector<NearImage> nearest_images(const KernelSelection& kernels, const FloatImages& images, const ImageSet& set,
                                      int count);

/// Images of `pixels` pixels that are no farther apart than this (as NearImage::distance) are the same picture: each
/// pixel of one would round to the byte of the other.
double copy_distance(int pixels);

}  // namespace duel
