// Generated images beside the training images that are nearest to them.
#pragma once

#include <filesystem>
#include <vector>

#include "app/settings/sample_options.h"
#include "engine/io/idx.h"
#include "engine/measure/result_output.h"
#include "engine/networks/generator.h"
#include "engine/quality/nearest_images.h"
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
  FloatImages pairs;               ///< of an image and the nearest of the training images
  std::vector<NearImage> nearest;  ///< of each image
  double mean_distance = 0;
  double copy_distance = 0;  ///< at which an image is a copy
  /// Mean distance of the first `compared` training images to the nearest other one; NaN where there is only one image.
  double training_distance = 0;
  int compared = 0;
};

/// Throws DataError where an image has pixels that are not finite, UsageError, CudaError.
NearestPictures nearest_pictures(const FloatImages& images, const ImageSet& training, const SampleOptions& options,
                                 const KernelSelection& kernels);

/// Each distance, which samples are copies, and how far training images are from each other. `files`: written ones, of
/// which CSV has nothing.
ResultForms nearest_report(const NearestPictures& found, const std::vector<std::filesystem::path>& files);

}  // namespace duel::app
