// Pictures of any size become images of one size.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/io/png.h"

namespace duel {

/// How a picture that is no square becomes one: its middle, or the whole between two bars.
enum class Fit { crop, pad };

/// The picture as a square of `size` x `size` pixels; `ground` is what bars are filled with. A square of that size
/// stays as it is. Throws std::invalid_argument for an empty picture or a size below 1.
Picture fit_picture(const Picture& picture, int size, Fit fit, std::uint8_t ground = 0);

/// The picture with other sides, by Lanczos' kernel of three lobes, as wide as a pixel of the smaller of the two
/// pictures so that nothing aliases; weights beyond the edges are left out. Source: Turkowski, Filters for common
/// resampling tasks, Graphics Gems, 1990; Pillow's LANCZOS is the same.
Picture resized(const Picture& picture, int height, int width);

/// Whether red, green and blue are the same everywhere.
bool is_grey(const Picture& picture);

/// The picture with 1 channel (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B) or 3 (equal ones).
Picture with_channels(Picture picture, int channels);

/// Its pixels as [channels, height, width].
std::vector<std::uint8_t> planes_of(const Picture& picture);

/// From pixels [channels, height, width].
Picture picture_of_planes(const std::uint8_t* planes, int height, int width, int channels);

}  // namespace duel
