#include "engine/quality/nearest_images.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "engine/data/float_images.h"
#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"
#include "kernels/ops/squared_distances/squared_distances.h"
#include "kernels/runtime/buffer.h"

namespace duel {
namespace {

constexpr int kSetRows = 4096,
              kImageRows = 256;        // of a piece of the matrix of distances, which never exists as a whole
constexpr double kUnitOfPixels = 0.5;  // pixels are [-1, 1] here, distances are of [0, 1]

void require_sizes(const FloatImages& images, const ImageSet& set, int count) {
  const auto sizes = [](int channels, int height, int width) {
    return std::to_string(channels) + "x" + std::to_string(height) + "x" + std::to_string(width);
  };
  const std::string expected = sizes(set.channels, set.height, set.width);
  const std::string found = sizes(images.channels, images.height, images.width);
  if (images.count < 1 || found != expected) {
    throw std::invalid_argument("nearest_images: expected at least one image of " + expected + ", found " +
                                std::to_string(images.count) + " of " + found);
  }
  const int most = std::min(kMostSmallest, set.count);
  if (count < 1 || count > most) {
    throw std::invalid_argument("nearest_images: count is " + std::to_string(count) + "; expected 1 to " +
                                std::to_string(most));
  }
}

}  // namespace

double copy_distance(int pixels) {
  constexpr double kHalfAByte = 0.5 / 255;
  return kHalfAByte * std::sqrt(static_cast<double>(pixels));
}

std::vector<NearImage> nearest_images(const KernelSelection& kernels, const FloatImages& images, const ImageSet& set,
                                      int count) {
  require_sizes(images, set, count);
  const int pixels = images.channels * images.height * images.width;
  const std::size_t results = static_cast<std::size_t>(images.count) * count;
  const Stream stream;
  const FloatImages comparable = in_range(images, ImageRange::minus_one_to_one);
  const DeviceBuffer<float> given(comparable.values, stream);
  const DeviceBuffer<float> piece(static_cast<std::size_t>(kSetRows) * pixels);
  const DeviceBuffer<float> distances(static_cast<std::size_t>(kImageRows) * kSetRows);
  const DeviceBuffer<float> smallest(std::vector<float>(results, std::numeric_limits<float>::infinity()), stream);
  const DeviceBuffer<std::int32_t> places(std::vector<std::int32_t>(results, kNoPlace), stream);

  for (int first = 0; first < set.count; first += kSetRows) {
    const FloatImages part = float_images(set, first, kSetRows);
    piece.upload(part.values, stream);
    for (int row = 0; row < images.count; row += kImageRows) {
      const int rows = std::min(kImageRows, images.count - row);
      const Matrix<float> here = distances.matrix(rows, part.count);
      kernels.run(squared_distances_op(),
                  {.a = given.matrix(images.count, pixels).row_range(row, rows),
                   .b = piece.matrix(part.count, pixels),
                   .distances = here},
                  stream);
      kernels.run(smallest_in_rows_op(),
                  {.values = here,
                   .first_column = first,
                   .smallest = smallest.matrix(images.count, count).row_range(row, rows),
                   .places = places.matrix(images.count, count).row_range(row, rows)},
                  stream);
    }
    stream.synchronize();  // the upload reads `part`
  }

  const std::vector<float> squares = smallest.download(stream);
  const std::vector<std::int32_t> columns = places.download(stream);
  std::vector<NearImage> nearest(results);
  for (std::size_t i = 0; i < results; ++i) {
    nearest[i] = {columns[i] == kNoPlace ? -1 : columns[i], kUnitOfPixels * std::sqrt(static_cast<double>(squares[i]))};
  }
  return nearest;
}

}  // namespace duel
