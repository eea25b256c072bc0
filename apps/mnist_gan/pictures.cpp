#include "apps/mnist_gan/pictures.h"

#include <algorithm>

namespace duel::app {

void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range) {
  constexpr int kPadding = 2;
  write_png(file, image_grid(images.values, images.count, images.channels, images.height, images.width, columns,
                             kPadding, range, images.range));
}

FloatImages first_images(const ImageSet& images, int count, ImageRange range) {
  FloatImages floats{std::min(count, images.count), images.channels, images.height, images.width, {}, range};
  const float low = lowest_pixel(range), scale = (1.f - low) / 255.f;
  const int plane = images.height * images.width;
  floats.values.reserve(static_cast<std::size_t>(floats.count) * images.channels * plane);
  for (int i = 0; i < floats.count; ++i) {
    const std::uint8_t* image = images.pixels.data() + static_cast<std::size_t>(i) * plane * images.channels;
    for (int c = 0; c < images.channels; ++c) {
      for (int p = 0; p < plane; ++p) {
        floats.values.push_back(low + scale * static_cast<float>(image[p * images.channels + c]));
      }
    }
  }
  return floats;
}

FloatImages single_image(const FloatImages& images, int index) {
  const auto size = static_cast<std::ptrdiff_t>(images.channels) * images.height * images.width;
  const auto begin = images.values.begin() + index * size;
  return {1, images.channels, images.height, images.width, {begin, begin + size}, images.range};
}

}  // namespace duel::app
