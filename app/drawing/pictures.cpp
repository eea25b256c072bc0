#include "app/drawing/pictures.h"

namespace duel::app {

Picture grid_of(const FloatImages& images, int columns, PixelRange range) {
  return image_grid(images.values, images.count, images.channels, images.height, images.width, columns, kPicturePadding,
                    range, images.range);
}

void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range) {
  write_png(file, grid_of(images, columns, range));
}

FloatImages single_image(const FloatImages& images, int index) {
  const auto size = static_cast<std::ptrdiff_t>(images.channels) * images.height * images.width;
  const auto begin = images.values.begin() + index * size;
  return {1, images.channels, images.height, images.width, {begin, begin + size}, images.range};
}

}  // namespace duel::app
