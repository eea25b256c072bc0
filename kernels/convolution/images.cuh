// Images between the columns of our matrices and libraries that want them one after the other, [samples, channels,
// height, width]. A block turns a tile of values by samples over in shared memory, so that neighbouring threads read
// and write neighbouring values.
#pragma once

#include "kernels/convolution/gathered.cuh"
#include "kernels/convolution/shapes.cuh"
#include "kernels/runtime/launch.h"

namespace duel {

inline constexpr int kImageTile = 32, kImageThreads = 256, kImageGroups = kImageThreads / kImageTile;

using ImageTile = float[kImageTile][kImageTile + 1];  // one more: the lanes of a column lie in different banks

/// Blocks for so many values or rows of an image, along x, and samples.
inline LaunchShape image_tiles(int values, int samples) {
  return {dim3(blocks_for(static_cast<std::size_t>(values), kImageTile),
               blocks_for(static_cast<std::size_t>(samples), kImageTile)),
          kImageThreads};
}

/// An image whose every pixel is a square of `upsample` by itself.
struct UpsampledImage {
  ImageShape image;
  int upsample;

  DUEL_HOST_DEVICE int width() const { return image.width * upsample; }
  DUEL_HOST_DEVICE int pixels() const { return image.pixels() * upsample * upsample; }
  DUEL_HOST_DEVICE int values() const { return image.channels * pixels(); }

  /// The row of the image that a value is a copy of.
  DUEL_HOST_DEVICE int row_of(int value) const {
    const int channel = value / pixels(), y = value % pixels() / width(), x = value % width();
    return channel * image.pixels() + y / upsample * image.width + x / upsample;
  }
  /// The first value, at the top left, of a row's square.
  DUEL_HOST_DEVICE int first_value(int row) const {
    const int channel = row / image.pixels(), y = row % image.pixels() / image.width, x = row % image.width;
    return channel * pixels() + (y * width() + x) * upsample;
  }
};

/// Enqueues the copy of columns into images.
void launch_images(const Samples& columns, const UpsampledImage& image, float* images, StreamView stream);

}  // namespace duel
