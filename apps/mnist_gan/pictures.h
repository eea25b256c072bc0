// The pictures that training and sampling write.
#pragma once

#include <filesystem>

#include "engine/generator.h"
#include "engine/io/png.h"

namespace duel::app {

/// Writes generated images as a grid with 2 black pixels around each.
void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range);

/// Image `index` alone.
FloatImages single_image(const FloatImages& images, int index);

}  // namespace duel::app
