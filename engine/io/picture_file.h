// Pictures in files of several formats.
#pragma once

#include <filesystem>

#include "engine/io/png.h"

namespace duel {

/// Whether a file of this name should be a picture that read_picture() reads: .png, .jpg, .jpeg, .jpe or .jfif, in any
/// case.
bool has_picture_name(const std::filesystem::path& file);

/// Reads a PNG or JPEG file, told by its first bytes; what is transparent is seen before `ground`. Throws DataError
/// "FILE: expected a picture, found ...".
Picture read_picture(const std::filesystem::path& file, std::uint8_t ground = 0);

}  // namespace duel
