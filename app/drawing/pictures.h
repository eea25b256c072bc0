// The pictures that training and sampling write.
#pragma once

#include <filesystem>

#include "engine/io/png.h"
#include "engine/networks/generator.h"

namespace duel::app {

inline constexpr int kPicturePadding = 2;

/// Throws as require_grid() (engine/io/png.h), for images of networks, before they are drawn; each of their pixels will
/// be `scale` a side.
void require_grid_of(int count, const NetworkConfig& networks, int columns, int scale);
/// Images as a grid with 2 black pixels around each, all enlarged.
Picture grid_of(const FloatImages& images, int columns, PixelRange range, int scale = 1);
/// Writes such a grid.
void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range,
                int scale = 1);

/// Image `index` alone.
FloatImages single_image(const FloatImages& images, int index);

}  // namespace duel::app
