// Public. PNG files and the sample grids that training writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "kernels/image_range.h"

namespace duel {

/// 8-bit picture [height, width, channels]; channels is 1 (grey) or 3 (RGB).
struct Picture {
  int height = 0, width = 0, channels = 1;
  std::vector<std::uint8_t> pixels;
};

inline constexpr std::uint64_t kMostPicturePixels = 80'000'000;  ///< of a picture that is read

/// The picture of a PNG file's bytes: grey where the file is, else RGB; 16 bits become 8, what is transparent is seen
/// before `ground`, from black to white, by means of sRGB's values. Throws std::invalid_argument that says what is
/// wrong: damage, or more than kMostPicturePixels.
Picture decode_png(std::span<const std::uint8_t> bytes, std::uint8_t ground = 0);

/// The bytes of a PNG file. Throws std::invalid_argument for a picture whose sizes disagree.
std::vector<std::byte> encode_png(const Picture& picture);
/// Writes it through a temporary name and a rename. Throws the same, and std::system_error where the disk refuses.
void write_png(const std::filesystem::path& file, const Picture& picture);

/// How float pixels become 0..255. minmax: over the whole grid, as torchvision's save_image(normalize=True).
/// fixed: all that pixels can be, so that pictures of different times compare.
enum class PixelRange { minmax, fixed };

/// Throws std::invalid_argument where a grid of such images would have more pixels a side than a PNG file takes, or
/// more than 1 GiB of them: before anybody draws the images.
void require_grid(int count, int channels, int height, int width, int columns, int padding = 2);

/// Arranges images [count, channels, height, width] row by row into a grid `columns` wide with `padding` black pixels
/// around each (torchvision's make_grid layout; the script uses 5 columns, padding 2, minmax). Throws as
/// require_grid().
Picture image_grid(std::span<const float> images, int count, int channels, int height, int width, int columns,
                   int padding = 2, PixelRange range = PixelRange::minmax,
                   ImageRange pixels = ImageRange::minus_one_to_one);

/// Each pixel as `factor` by `factor` of them. Throws std::invalid_argument for a factor below 1.
Picture enlarged(const Picture& picture, int factor);

}  // namespace duel
