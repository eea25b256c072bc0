// Generated images beside the training images that are nearest to them.
#pragma once

#include <string>

#include "app/settings/sample_options.h"
#include "engine/io/idx.h"
#include "engine/networks/generator.h"
#include "kernels/kernel_selection.h"

namespace duel::app {

/// Of two images side by side in framed_pairs().
struct PairSize {
  int height, width;
};
PairSize size_of_pair(int height, int width);

/// Images two by two: each of `left` with the one of `right` beside it that has the same place, in a grey frame one
/// pixel wide. Both have as many images of the same size.
FloatImages framed_pairs(const FloatImages& left, const FloatImages& right);

struct NearestPictures {
  FloatImages pairs;  ///< of an image and the nearest of the training images
  std::string text;   ///< each distance, which samples are copies, and how far training images are from each other
};

/// Throws DataError where an image has pixels that are not finite, UsageError, CudaError.
NearestPictures nearest_pictures(const FloatImages& images, const ImageSet& training, const SampleOptions& options,
                                 const KernelSelection& kernels);

}  // namespace duel::app
