#include "engine/io/png.h"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "files/atomic_file.h"

namespace duel {
namespace {

/// value = (x - low) * scale maps pixels to [0, 1].
struct Mapping {
  double low, scale;
};

Mapping mapping_of(std::span<const float> images, PixelRange range, ImageRange pixels) {
  if (range == PixelRange::fixed) return {lowest_pixel(pixels), 1.0 / (1.0 - lowest_pixel(pixels))};
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const float value : images) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, static_cast<double>(value));
    high = std::max(high, static_cast<double>(value));
  }
  if (!(low <= high)) return {0.0, 0.0};
  return {low, 1.0 / std::max(high - low, 1e-5)};  // torchvision's guard for a constant picture
}

/// save_image's rounding: floor(255 x + 0.5), clamped. A value that is not finite becomes black.
std::uint8_t to_byte(float value, Mapping mapping) {
  if (!std::isfinite(value)) return 0;
  const double unit = std::clamp((value - mapping.low) * mapping.scale, 0.0, 1.0);
  return static_cast<std::uint8_t>(unit * 255.0 + 0.5);
}

void require(bool condition, const std::string& message) {
  if (!condition) throw std::invalid_argument(message);
}

int grid_extent(int images, int size, int padding) {
  const std::int64_t extent = std::int64_t{images} * (std::int64_t{size} + padding) + padding;
  require(extent <= std::numeric_limits<int>::max(),
          "image_grid: a grid of " + std::to_string(extent) + " pixels is too large for a picture; use fewer images");
  return static_cast<int>(extent);
}

}  // namespace

Picture image_grid(std::span<const float> images, int count, int channels, int height, int width, int columns,
                   int padding, PixelRange range, ImageRange pixels) {
  require(channels == 1 || channels == 3, "image_grid: channels is " + std::to_string(channels) + "; expected 1 or 3");
  require(count >= 1 && height >= 1 && width >= 1 && columns >= 1 && padding >= 0,
          "image_grid: count, height, width and columns must be at least 1 and padding at least 0");
  const std::size_t plane = static_cast<std::size_t>(height) * width;
  require(images.size() == plane * channels * count, "image_grid: " + std::to_string(images.size()) +
                                                         " values given, the sizes ask for " +
                                                         std::to_string(plane * channels * count));
  // torchvision returns a single image as it is, without a frame.
  if (count == 1) padding = 0;
  const int grid_columns = std::min(columns, count);
  const int grid_rows = (count - 1) / grid_columns + 1;

  Picture picture;
  picture.channels = channels;
  picture.height = grid_extent(grid_rows, height, padding);
  picture.width = grid_extent(grid_columns, width, padding);
  picture.pixels.assign(static_cast<std::size_t>(picture.height) * picture.width * channels, 0);

  const Mapping mapping = mapping_of(images, range, pixels);
  for (int i = 0; i < count; ++i) {
    const std::size_t top = static_cast<std::size_t>(i / grid_columns) * (height + padding) + padding;
    const std::size_t left = static_cast<std::size_t>(i % grid_columns) * (width + padding) + padding;
    for (int c = 0; c < channels; ++c) {
      const float* source = images.data() + (static_cast<std::size_t>(i) * channels + c) * plane;
      for (int y = 0; y < height; ++y) {
        std::uint8_t* row = picture.pixels.data() + ((top + y) * picture.width + left) * channels + c;
        for (int x = 0; x < width; ++x) row[static_cast<std::size_t>(x) * channels] = to_byte(*source++, mapping);
      }
    }
  }
  return picture;
}

void write_png(const std::filesystem::path& file, const Picture& picture) {
  require(picture.channels == 1 || picture.channels == 3,
          "write_png: " + file.string() + ": channels is " + std::to_string(picture.channels) + "; expected 1 or 3");
  require(picture.height >= 1 && picture.width >= 1, "write_png: " + file.string() + ": the picture is empty");
  const std::size_t expected = static_cast<std::size_t>(picture.height) * picture.width * picture.channels;
  require(picture.pixels.size() == expected, "write_png: " + file.string() + ": " +
                                                 std::to_string(picture.pixels.size()) +
                                                 " pixel values given, the sizes ask for " + std::to_string(expected));
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;

  std::vector<std::byte> encoded(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = encoded.size();
  if (!png_image_write_to_memory(&image, encoded.data(), &size, 0, picture.pixels.data(), 0, nullptr)) {
    throw std::invalid_argument("write_png: " + file.string() + ": " + image.message);
  }
  const std::span<const std::byte> chunk(encoded.data(), size);
  write_file_atomically(file, std::span(&chunk, 1));
}

}  // namespace duel
