// JPEG files, where the build has libjpeg.
#pragma once

#include <cstdint>
#include <span>

#include "engine/io/png.h"

namespace duel {

/// The picture of a JPEG file's bytes, grey or RGB, as its EXIF data say that it is to be held. Throws
/// std::invalid_argument that says what is wrong: damage, an end too early, CMYK, more than kMostPicturePixels; or that
/// this build reads no JPEG, and how to get one that does.
Picture decode_jpeg(std::span<const std::uint8_t> bytes);

}  // namespace duel
