// Pictures that move: animated PNG files, and GIF files where the build has giflib.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/io/png.h"

namespace duel {

/// Frames of one size and number of channels, shown one after another for ever.
struct Animation {
  std::vector<Picture> frames;
  std::vector<int> milliseconds;  ///< that each frame is shown, as many
};

/// The bytes of an animated PNG file (w3.org/TR/png-3, 11.3.6): every pixel as it is; programs that know still pictures
/// alone show the first frame. Throws std::invalid_argument for no frame, or frames that differ in size.
std::vector<std::byte> encode_apng(const Animation& animation);

/// Whether the build has giflib.
bool has_gif();

/// The bytes of a GIF file: grey pixels as they are, colours by the 256 that suit a frame best; times in steps of 10
/// ms. Throws the same, also for sides beyond 65535; std::logic_error without giflib.
std::vector<std::byte> encode_gif(const Animation& animation);

/// What both throw.
void require_animation(const Animation& animation);

}  // namespace duel
