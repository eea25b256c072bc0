// The pictures that training and sampling write.
#pragma once

#include <filesystem>

#include "engine/io/png.h"
#include "engine/networks/generator.h"

namespace duel::app {

inline constexpr int kPicturePadding = 2;

/// Images as a grid with 2 black pixels around each.
Picture grid_of(const FloatImages& images, int columns, PixelRange range);
/// Writes such a grid.
void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range);

/// Image `index` alone.
FloatImages single_image(const FloatImages& images, int index);

}  // namespace duel::app
