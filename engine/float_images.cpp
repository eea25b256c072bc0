#include "engine/float_images.h"

#include <algorithm>

namespace duel {

FloatImages float_images(const ImageSet& images, int first, int count) {
  FloatImages floats{std::clamp(images.count - first, 0, count), images.channels, images.height, images.width, {}};
  const int plane = images.height * images.width;
  floats.values.reserve(static_cast<std::size_t>(floats.count) * images.channels * plane);
  for (int i = first; i < first + floats.count; ++i) {
    const std::uint8_t* image = images.pixels.data() + static_cast<std::size_t>(i) * plane * images.channels;
    for (int c = 0; c < images.channels; ++c) {
      for (int p = 0; p < plane; ++p) {
        floats.values.push_back(static_cast<float>(image[p * images.channels + c]) / 127.5f - 1.0f);
      }
    }
  }
  return floats;
}

}  // namespace duel
