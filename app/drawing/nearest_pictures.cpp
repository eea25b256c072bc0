#include "app/drawing/nearest_pictures.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

#include "app/device/kernel_choice.h"
#include "engine/data/float_images.h"
#include "engine/io/data_error.h"
#include "engine/io/json_text.h"
#include "engine/measure/rows_csv.h"
#include "files/path_text.h"

namespace duel::app {
namespace {

using nlohmann::ordered_json;

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
  NearestPictures found{.pairs = framed_pairs(comparable, images_at(nearest, training)),
                        .nearest = nearest,
                        .copy_distance = copy_distance(images.channels * images.height * images.width)};
  for (const NearImage& one : nearest) found.mean_distance += one.distance / static_cast<double>(nearest.size());
  found.compared = training.count > 1 ? std::min(images.count, training.count) : 0;
  found.training_distance = found.compared == 0 ? std::nan("") : with_chosen_kernels(options.kernels, [&] {
    return distance_among(training, found.compared, kernels);
  });
  return found;
}

ResultForms nearest_report(const NearestPictures& found, const std::vector<std::filesystem::path>& files) {
  std::string text;
  std::vector<ordered_json> rows;
  int copies = 0;
  for (std::size_t i = 0; i < found.nearest.size(); ++i) {
    const auto& [image, distance] = found.nearest[i];
    const bool is_copy = distance <= found.copy_distance;
    text += fmt::format("sample {}  training image {}  distance {}{}\n", i, image, text_of(distance),
                        is_copy ? "  a copy" : "");
    rows.push_back({{"sample", i}, {"training_image", image}, {"distance", distance}, {"copy", is_copy}});
    copies += is_copy ? 1 : 0;
  }
  if (copies > 0) text += fmt::format("{} of {} samples are copies of training images\n", copies, rows.size());
  text += "mean distance " + text_of(found.mean_distance);
  if (found.compared > 0) {
    text += fmt::format("; of the first {} training images to the nearest other one {}", found.compared,
                        text_of(found.training_distance));
  }
  ordered_json json = {{"samples", rows},
                       {"copies", copies},
                       {"mean_distance", found.mean_distance},
                       {"training_distance", found.training_distance},
                       {"compared_training_images", found.compared},
                       {"files", ordered_json::array()}};
  std::string names;
  for (const std::filesystem::path& file : files) {
    names += file.string() + "\n";
    json["files"].push_back(path_text(file));
  }
  return {.text = names + text + "\n", .csv = rows_csv(rows.front(), rows), .json = json_text(json, 2) + "\n"};
}

}  // namespace duel::app
