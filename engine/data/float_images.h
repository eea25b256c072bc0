// Public. Images as the networks see them.
#pragma once

#include "engine/io/idx.h"
#include "engine/networks/generator.h"

namespace duel {

/// Images first to first + count - 1 of the set, or as many of them as it has.
FloatImages float_images(const ImageSet& images, int first, int count, ImageRange range = ImageRange::minus_one_to_one);

/// The same images with pixels of that range.
FloatImages in_range(FloatImages images, ImageRange range);

}  // namespace duel
