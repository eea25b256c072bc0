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

constexpr std::int64_t kMostSide = 1'000'000;  // that libpng writes
constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

/// Of a grid of images, which torchvision leaves as it is, without a frame, where there is one only.
struct GridSize {
  std::int64_t columns, rows, padding, width, height;

  GridSize(int count, int image_height, int image_width, int wanted_columns, int frame)
      : columns(std::min(wanted_columns, count)),
        rows((count - 1) / columns + 1),
        padding(count == 1 ? 0 : frame),
        width(columns * (std::int64_t{image_width} + padding) + padding),
        height(rows * (std::int64_t{image_height} + padding) + padding) {}
};

}  // namespace

void require_grid(int count, int channels, int height, int width, int columns, int padding) {
  require(channels == 1 || channels == 3, "image_grid: channels is " + std::to_string(channels) + "; expected 1 or 3");
  require(count >= 1 && height >= 1 && width >= 1 && columns >= 1 && padding >= 0,
          "image_grid: count, height, width and columns must be at least 1 and padding at least 0");
  const GridSize grid(count, height, width, columns, padding);
  const bool fits =
      grid.width <= kMostSide && grid.height <= kMostSide && grid.width * grid.height <= kMostBytes / channels;
  require(fits, "a picture of " + std::to_string(grid.columns) + " x " + std::to_string(grid.rows) +
                    " images would have " + std::to_string(grid.width) + " x " + std::to_string(grid.height) +
                    " pixels; expected at most " + std::to_string(kMostSide) +
                    " a side and 1 GiB in all: ask for fewer images, or another number of columns");
}

Picture image_grid(std::span<const float> images, int count, int channels, int height, int width, int columns,
                   int padding, PixelRange range, ImageRange pixels) {
  require_grid(count, channels, height, width, columns, padding);
  const std::size_t plane = static_cast<std::size_t>(height) * width;
  require(images.size() == plane * channels * count, "image_grid: " + std::to_string(images.size()) +
                                                         " values given, the sizes ask for " +
                                                         std::to_string(plane * channels * count));
  const GridSize grid(count, height, width, columns, padding);

  Picture picture;
  picture.channels = channels;
  picture.height = static_cast<int>(grid.height);
  picture.width = static_cast<int>(grid.width);
  picture.pixels.assign(static_cast<std::size_t>(picture.height) * picture.width * channels, 0);

  const Mapping mapping = mapping_of(images, range, pixels);
  for (int i = 0; i < count; ++i) {
    const auto top = static_cast<std::size_t>(i / grid.columns * (height + grid.padding) + grid.padding);
    const auto left = static_cast<std::size_t>(i % grid.columns * (width + grid.padding) + grid.padding);
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

namespace {

/// Takes the last of channels + 1 values, how much of a pixel is seen, from each pixel. As browsers and painting
/// programs do, the mean with the ground is that of sRGB's values; libpng would take that of linear light.
void put_before(std::uint8_t ground, Picture& picture) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  auto to = picture.pixels.begin();
  for (std::size_t at = 0; at < picture.pixels.size(); at += channels + 1) {
    const int alpha = picture.pixels[at + channels];
    for (std::size_t c = 0; c < channels; ++c) {
      *to++ = static_cast<std::uint8_t>((picture.pixels[at + c] * alpha + ground * (255 - alpha) + 127) / 255);
    }
  }
  picture.pixels.erase(to, picture.pixels.end());
}

}  // namespace

Picture decode_png(std::span<const std::uint8_t> bytes, std::uint8_t ground) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  const auto require_success = [&](int succeeded) {
    const std::string message = image.message;
    if (succeeded == 0) png_image_free(&image);
    const bool ends_early = message.find("beyond end of data") != std::string::npos;  // libpng's words
    require(succeeded != 0, "the PNG cannot be read: " + (ends_early ? "it ends too early" : message));
  };
  require_success(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()));
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // else 16 bits pass for linear light
  Picture picture{static_cast<int>(image.height),
                  static_cast<int>(image.width),
                  (image.format & PNG_FORMAT_FLAG_COLOR) != 0 ? 3 : 1,
                  {}};
  const bool fits = std::uint64_t{image.height} * image.width <= kMostPicturePixels;
  if (!fits) png_image_free(&image);
  require(fits, "the PNG has more pixels than this program reads");
  const bool has_alpha = (image.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  if (picture.channels == 3) {
    image.format = has_alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
  } else {
    image.format = has_alpha ? PNG_FORMAT_GA : PNG_FORMAT_GRAY;
  }
  picture.pixels.resize(PNG_IMAGE_SIZE(image));
  require_success(png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr));
  if (has_alpha) put_before(ground, picture);
  return picture;
}

Picture enlarged(const Picture& picture, int factor) {
  require(factor >= 1, "enlarged: expected a factor of at least 1, found " + std::to_string(factor));
  if (factor == 1) return picture;
  Picture larger{picture.height * factor, picture.width * factor, picture.channels, {}};
  larger.pixels.reserve(picture.pixels.size() * static_cast<std::size_t>(factor) * static_cast<std::size_t>(factor));
  const auto row_size = static_cast<std::ptrdiff_t>(picture.width) * picture.channels;
  std::vector<std::uint8_t> row;
  for (auto at = picture.pixels.begin(); at != picture.pixels.end(); at += row_size) {
    row.clear();
    for (auto pixel = at; pixel != at + row_size; pixel += picture.channels) {
      for (int i = 0; i < factor; ++i) row.insert(row.end(), pixel, pixel + picture.channels);
    }
    for (int i = 0; i < factor; ++i) larger.pixels.insert(larger.pixels.end(), row.begin(), row.end());
  }
  return larger;
}

std::vector<std::byte> encode_png(const Picture& picture) {
  require(picture.channels == 1 || picture.channels == 3,
          "encode_png: channels is " + std::to_string(picture.channels) + "; expected 1 or 3");
  require(picture.height >= 1 && picture.width >= 1, "encode_png: the picture is empty");
  const std::size_t expected = static_cast<std::size_t>(picture.height) * picture.width * picture.channels;
  require(picture.pixels.size() == expected, "encode_png: " + std::to_string(picture.pixels.size()) +
                                                 " pixel values given, the sizes ask for " + std::to_string(expected));
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;

  std::vector<std::byte> encoded(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = encoded.size();
  if (!png_image_write_to_memory(&image, encoded.data(), &size, 0, picture.pixels.data(), 0, nullptr)) {
    throw std::invalid_argument(std::string("encode_png: ") + image.message);
  }
  encoded.resize(size);
  return encoded;
}

void write_png(const std::filesystem::path& file, const Picture& picture) {
  const std::vector<std::byte> encoded = encode_png(picture);
  const std::span<const std::byte> chunk(encoded);
  write_file_atomically(file, std::span(&chunk, 1));
}

}  // namespace duel
