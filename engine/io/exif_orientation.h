// How a camera was held.
#pragma once

#include <cstdint>
#include <span>

#include "engine/io/png.h"

namespace duel {

/// The orientation, 1 to 8, that an APP1 segment of a JPEG file holds; 1, upright, where it holds none or is damaged.
/// Source: Exif 2.3, 4.6.4 and 4.6.5; TIFF 6.0, section 2.
int exif_orientation(std::span<const std::uint8_t> segment);

/// The picture as it is seen where its file has that orientation.
Picture upright(Picture picture, int orientation);

}  // namespace duel
