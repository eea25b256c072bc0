// Bright pixels on the rim of images, which digits of MNIST do not have and the published generator has: the speckle
// that one sees.
#pragma once

#include "engine/quality/points.h"

namespace duel {

/// Pixels above 0.5 among the outermost two rows and columns, mean per image. `images`: [count, height * width *
/// channels] in [0, 1], channel first. Throws std::invalid_argument where the sizes disagree.
double bright_border_pixels(const Points& images, int height, int width);

}  // namespace duel
