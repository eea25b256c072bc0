#include "engine/data/float_images.h"

#include <algorithm>

namespace duel {

FloatImages float_images(const ImageSet& images, int first, int count, ImageRange range) {
  FloatImages floats{
      std::clamp(images.count - first, 0, count), images.channels, images.height, images.width, {}, range};
  const float low = lowest_pixel(range), unit = 255.f / (1.f - low);
  const int plane = images.height * images.width;
  floats.values.reserve(static_cast<std::size_t>(floats.count) * images.channels * plane);
  for (int i = first; i < first + floats.count; ++i) {
    const std::uint8_t* image = images.pixels.data() + static_cast<std::size_t>(i) * plane * images.channels;
    for (int c = 0; c < images.channels; ++c) {
      for (int p = 0; p < plane; ++p) {
        floats.values.push_back(static_cast<float>(image[p * images.channels + c]) / unit + low);
      }
    }
  }
  return floats;
}

FloatImages in_range(FloatImages images, ImageRange range) {
  if (images.range == range) return images;
  const float from = lowest_pixel(images.range), to = lowest_pixel(range), scale = (1.f - to) / (1.f - from);
  for (float& value : images.values) value = (value - from) * scale + to;
  images.range = range;
  return images;
}

}  // namespace duel
