#include "engine/data/float_images.h"

#include <algorithm>
#include <span>

namespace duel {

FloatImages float_images(const ImageSet& images, int first, int count, ImageRange range) {
  FloatImages floats{
      std::clamp(images.count - first, 0, count), images.channels, images.height, images.width, {}, range};
  const float low = lowest_pixel(range), unit = 255.f / (1.f - low);
  const std::size_t values = static_cast<std::size_t>(images.channels) * images.height * images.width;
  floats.values.reserve(floats.count * values);
  for (const std::uint8_t byte : std::span(images.pixels).subspan(first * values, floats.count * values)) {
    floats.values.push_back(static_cast<float>(byte) / unit + low);
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
