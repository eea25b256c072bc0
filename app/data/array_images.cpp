// Images and labels from NumPy's arrays.
#include <algorithm>
#include <limits>

#include "app/data/found_images.h"
#include "app/data/pixel_values.h"
#include "engine/io/image_table.h"
#include "engine/io/npy.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

template <class To, class From>
std::vector<To> converted(const Tensor& tensor) {
  const std::vector<From> values = values_of<From>(tensor);
  return {values.begin(), values.end()};
}

std::vector<float> floats_of(const Tensor& tensor) {
  switch (tensor.type) {
    case DType::f64:
      return converted<float, double>(tensor);
    case DType::i64:
      return converted<float, std::int64_t>(tensor);
    case DType::u8:
      return converted<float, std::uint8_t>(tensor);
    default:
      return values_of<float>(tensor);
  }
}

/// "[3, 0, 27]".
std::string index_text(std::size_t i, const Tensor& tensor) {
  std::string text;
  for (auto size = tensor.shape.rbegin(); size != tensor.shape.rend(); ++size) {
    const auto count = static_cast<std::size_t>(*size);
    text = std::to_string(i % count) + (text.empty() ? "" : ", " + text);
    i /= count;
  }
  return "[" + text + "]";
}

/// Of an array [images, height, width], with channels after the images or at the end, or [images, values].
PixelLayout layout_of(const Tensor& tensor, const fs::path& file) {
  const std::vector<std::int64_t>& shape = tensor.shape;
  const auto is_side = [](std::int64_t size) { return size >= 1 && size <= std::numeric_limits<std::int16_t>::max(); };
  const auto are_channels = [](std::int64_t size) { return size == 1 || size == 3; };
  PixelLayout layout;
  if (shape.size() >= 2 && shape[0] == 0) {
    throw DataError(file.string() + ": expected images, found none: the array's shape is " + shape_text(tensor.shape) +
                    ".");
  }
  const bool is_possible = std::all_of(shape.begin() + (shape.empty() ? 0 : 1), shape.end(), is_side);
  if (is_possible && shape.size() == 2) {
    layout.height = layout.width = side_of_square(static_cast<int>(shape[1]), layout.channels);
  } else if (is_possible && shape.size() == 3) {
    layout = {static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  } else if (is_possible && shape.size() == 4 && are_channels(shape[1])) {
    layout = {static_cast<int>(shape[2]), static_cast<int>(shape[3]), static_cast<int>(shape[1])};
  } else if (is_possible && shape.size() == 4 && are_channels(shape[3])) {
    layout = {static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3]), false};
  }
  if (layout.height < 1 || shape[0] < 1) {
    throw DataError(file.string() +
                    ": expected an array [images, height, width], [images, channels, height, width] or " +
                    "[images, height, width, channels] of 1 or 3 channels, found " + shape_text(tensor.shape) +
                    ". Reshape it in NumPy.");
  }
  return layout;
}

}  // namespace

FoundImages find_array_images(const DataImportOptions& settings) {
  const Tensor tensor = read_npy(settings.source);
  const PixelLayout layout = layout_of(tensor, settings.source);
  if (tensor.type == DType::u8) {
    return images_of_bytes({reinterpret_cast<const std::uint8_t*>(tensor.bytes.data()), tensor.bytes.size()}, layout,
                           settings);
  }
  return images_of_numbers(floats_of(tensor), layout, settings, [&](std::size_t i) { return index_text(i, tensor); });
}

std::vector<std::string> labels_of_array(const fs::path& file) {
  const Tensor tensor = read_npy(file);
  if (tensor.type != DType::u8 && tensor.type != DType::i64) {
    throw DataError(file.string() + ": expected labels as whole numbers, found another type. Save them as int64.");
  }
  const bool is_u8 = tensor.type == DType::u8;
  std::vector<std::string> labels;
  for (const std::int64_t label :
       is_u8 ? converted<std::int64_t, std::uint8_t>(tensor) : values_of<std::int64_t>(tensor)) {
    labels.push_back(std::to_string(label));
  }
  return labels;
}

}  // namespace duel::app
