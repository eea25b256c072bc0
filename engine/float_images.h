// Images as the networks see them.
#pragma once

#include "engine/generator.h"
#include "engine/io/idx.h"

namespace duel {

/// Images first to first + count - 1 of the set, or as many of them as it has, channels first, pixels in [-1, 1].
FloatImages float_images(const ImageSet& images, int first, int count);

}  // namespace duel
