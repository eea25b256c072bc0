#include "app/drawing/pictures.h"

namespace duel::app {

void require_grid_of(int count, const NetworkConfig& networks, int columns, int scale) {
  const int side = networks.image_size * scale;
  require_grid(count, networks.channels, side, side, columns, kPicturePadding * scale);
}

Picture grid_of(const FloatImages& images, int columns, PixelRange range, int scale) {
  return enlarged(image_grid(images.values, images.count, images.channels, images.height, images.width, columns,
                             kPicturePadding, range, images.range),
                  scale);
}

void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range,
                int scale) {
  write_png(file, grid_of(images, columns, range, scale));
}

FloatImages single_image(const FloatImages& images, int index) {
  const auto size = static_cast<std::ptrdiff_t>(images.channels) * images.height * images.width;
  const auto begin = images.values.begin() + index * size;
  return {1, images.channels, images.height, images.width, {begin, begin + size}, images.range};
}

}  // namespace duel::app
