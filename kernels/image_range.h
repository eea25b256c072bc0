// What numbers an image's bytes, 0 to 255, become.
#pragma once

namespace duel {

/// Follows the generator's last layer: tanh gives pixels in [-1, 1], sigmoid in [0, 1].
enum class ImageRange { minus_one_to_one, zero_to_one };

constexpr float lowest_pixel(ImageRange range) {
  return range == ImageRange::zero_to_one ? 0.f : -1.f;
}

}  // namespace duel
