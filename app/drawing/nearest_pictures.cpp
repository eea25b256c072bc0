#include "app/drawing/nearest_pictures.h"

#include <fmt/core.h>
#include <algorithm>
#include <sstream>

#include "app/device/kernel_choice.h"
#include "engine/data/float_images.h"
#include "engine/io/data_error.h"
#include "engine/quality/nearest_images.h"

namespace duel::app {
namespace {

constexpr float kBlack = -1.0f, kGrey = 0.0f;

std::string text_of(double distance) {
  return fmt::format("{:.3f}", distance);
}

/// Training images at the places that `nearest` names.
FloatImages images_at(const std::vector<NearImage>& nearest, const ImageSet& training) {
  FloatImages found = float_images(training, 0, 0);
  for (const NearImage& one : nearest) {
    const FloatImages image = float_images(training, one.index, 1);
    found.values.insert(found.values.end(), image.values.begin(), image.values.end());
    ++found.count;
  }
  return found;
}

/// Mean distance from each of the first `count` training images to the nearest other one.
double distance_among(const ImageSet& training, int count, const KernelSelection& kernels) {
  const std::vector<NearImage> nearest = nearest_images(kernels, float_images(training, 0, count), training, 2);
  double sum = 0;  // the nearest one is the image itself, or one that is equal to it
  for (std::size_t i = 1; i < nearest.size(); i += 2) sum += nearest[i].distance;
  return sum / (static_cast<double>(nearest.size()) / 2);
}

}  // namespace

PairSize size_of_pair(int height, int width) {
  return {height + 2, 2 * width + 3};
}

FloatImages framed_pairs(const FloatImages& left, const FloatImages& right) {
  const int height = left.height, width = left.width;
  const PairSize size = size_of_pair(height, width);
  FloatImages pairs{left.count, left.channels, size.height, size.width, {}};
  pairs.values.assign(static_cast<std::size_t>(pairs.count) * pairs.channels * pairs.height * pairs.width, kBlack);
  const int frame_left = width + 1, frame_right = 2 * width + 2;  // columns of the frame; one is free before it
  for (int plane = 0; plane < left.count * left.channels; ++plane) {
    float* to = pairs.values.data() + static_cast<std::size_t>(plane) * pairs.height * pairs.width;
    const std::size_t from = static_cast<std::size_t>(plane) * height * width;
    std::fill(to + frame_left, to + frame_right + 1, kGrey);
    for (int y = 0; y < height; ++y) {
      float* row = to + static_cast<std::size_t>(y + 1) * pairs.width;
      std::copy_n(left.values.data() + from + static_cast<std::size_t>(y) * width, width, row);
      row[frame_left] = row[frame_right] = kGrey;
      std::copy_n(right.values.data() + from + static_cast<std::size_t>(y) * width, width, row + frame_left + 1);
    }
    float* last = to + static_cast<std::size_t>(height + 1) * pairs.width;
    std::fill(last + frame_left, last + frame_right + 1, kGrey);
  }
  return pairs;
}

NearestPictures nearest_pictures(const FloatImages& images, const ImageSet& training, const SampleOptions& options,
                                 const KernelSelection& kernels) {
  const auto nearest =
      with_chosen_kernels(options.kernels, [&] { return nearest_images(kernels, images, training, 1); });
  const auto lost = std::find_if(nearest.begin(), nearest.end(), [](const NearImage& one) { return one.index < 0; });
  if (lost != nearest.end()) {
    throw DataError(options.checkpoint.string() + ": image " + std::to_string(lost - nearest.begin()) +
                    " has pixels that are not finite; the weights are damaged, take an older checkpoint");
  }
  const FloatImages comparable = in_range(images, ImageRange::minus_one_to_one);
  NearestPictures result{framed_pairs(comparable, images_at(nearest, training)), ""};

  std::ostringstream text;
  double sum = 0;
  int copies = 0;
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const bool is_copy = nearest[i].distance <= copy_distance(images.channels * images.height * images.width);
    text << "sample " << i << "  training image " << nearest[i].index << "  distance " << text_of(nearest[i].distance)
         << (is_copy ? "  a copy\n" : "\n");
    sum += nearest[i].distance;
    copies += is_copy ? 1 : 0;
  }
  if (copies > 0) text << copies << " of " << nearest.size() << " samples are copies of training images\n";
  text << "mean distance " << text_of(sum / static_cast<double>(nearest.size()));
  if (training.count > 1) {
    const int count = std::min(images.count, training.count);
    const double among = with_chosen_kernels(options.kernels, [&] { return distance_among(training, count, kernels); });
    text << "; of the first " << count << " training images to the nearest other one " << text_of(among);
  }
  text << "\n";
  result.text = text.str();
  return result;
}

}  // namespace duel::app
