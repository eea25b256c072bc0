// Generated images beside the training images that are nearest to them.
#pragma once

#include <filesystem>

#include "apps/mnist_gan/options.h"
#include "engine/generator.h"
#include "engine/io/idx.h"
#include "kernels/kernel_selection.h"

namespace duel::app {

/// Images two by two: each of `left` with the one of `right` beside it that has the same place, in a grey frame one
/// pixel wide. Both have as many images of the same size. The result's are 2 pixels higher, and as wide as both and 3.
FloatImages framed_pairs(const FloatImages& left, const FloatImages& right);

/// Writes pairs of an image and the nearest of the training images, options.columns of them in a row. Prints the path,
/// each distance, which samples are copies, and for comparison how far the first training images are from their nearest
/// other one. Throws DataError where an image has pixels that are not finite, UsageError, CudaError, std::system_error.
void write_nearest(const std::filesystem::path& file, const FloatImages& images, const ImageSet& training,
                   const SampleOptions& options, const KernelSelection& kernels);

}  // namespace duel::app
