#include "engine/quality/bright_border.h"

#include <stdexcept>
#include <string>

namespace duel {
namespace {

constexpr int kRim = 2;
constexpr float kBright = 0.5f;

}  // namespace

double bright_border_pixels(const Points& images, int height, int width) {
  if (images.count() == 0 || images.dimension % (height * width) != 0) {
    throw std::invalid_argument("expected images of " + std::to_string(height) + " x " + std::to_string(width) +
                                " pixels, found " + std::to_string(images.dimension) + " values each");
  }
  std::int64_t bright = 0;
  for (int i = 0; i < images.count(); ++i) {
    const auto image = images[i];
    for (int at = 0; at < images.dimension; ++at) {
      const int x = at % width, y = at / width % height;
      const bool on_rim = x < kRim || y < kRim || x >= width - kRim || y >= height - kRim;
      if (on_rim && image[static_cast<std::size_t>(at)] > kBright) ++bright;
    }
  }
  return static_cast<double>(bright) / images.count();
}

}  // namespace duel
