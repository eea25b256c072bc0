// The pictures that training and sampling write.
#pragma once

#include <filesystem>

#include "engine/io/idx.h"
#include "engine/io/png.h"
#include "engine/trainer.h"

namespace duel::app {

/// Writes generated images as a grid with 2 black pixels around each.
void write_grid(const std::filesystem::path& file, const FloatImages& images, int columns, PixelRange range);

/// The first `count` images of the set (or all, where it has fewer), as networks of that range see them.
FloatImages first_images(const ImageSet& images, int count, ImageRange range);

/// Image `index` alone.
FloatImages single_image(const FloatImages& images, int index);

}  // namespace duel::app
