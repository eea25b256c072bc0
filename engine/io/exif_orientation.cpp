#include "engine/io/exif_orientation.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace duel {
namespace {

constexpr std::size_t kIntroduction = 6;  // "Exif\0\0", then a TIFF file
constexpr std::size_t kDirectoryEntry = 12;
constexpr std::uint32_t kOrientationTag = 0x0112, kShort = 3;

/// A TIFF file in memory; what lies beyond its end reads as 0.
class Tiff {
 public:
  explicit Tiff(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), is_little_(!bytes.empty() && bytes.front() == 'I') {}

  std::uint32_t number(std::size_t at, int size) const {
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) {
      const std::size_t byte = at + static_cast<std::size_t>(is_little_ ? size - 1 - i : i);
      value = value << 8 | (byte < bytes_.size() ? bytes_[byte] : 0u);
    }
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool is_little_;
};

}  // namespace

int exif_orientation(std::span<const std::uint8_t> segment) {
  if (segment.size() < kIntroduction || std::memcmp(segment.data(), "Exif\0", kIntroduction) != 0) return 1;
  const Tiff tiff(segment.subspan(kIntroduction));
  const std::size_t directory = tiff.number(4, 4);
  const std::uint32_t entries = tiff.number(directory, 2);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kDirectoryEntry;
    if (tiff.number(entry, 2) != kOrientationTag || tiff.number(entry + 2, 2) != kShort) continue;
    const std::uint32_t orientation = tiff.number(entry + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

Picture upright(Picture picture, int orientation) {
  if (orientation <= 1 || orientation > 8) return picture;
  const bool is_turned = orientation >= 5;
  const bool flips_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flips_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture seen{picture.height, picture.width, picture.channels, {}};
  if (is_turned) std::swap(seen.height, seen.width);
  seen.pixels.reserve(picture.pixels.size());
  for (int y = 0; y < seen.height; ++y) {
    for (int x = 0; x < seen.width; ++x) {
      int row = is_turned ? x : y, column = is_turned ? y : x;
      if (flips_y) row = picture.height - 1 - row;
      if (flips_x) column = picture.width - 1 - column;
      const auto at = (static_cast<std::size_t>(row) * picture.width + column) * picture.channels;
      for (int c = 0; c < picture.channels; ++c)
        seen.pixels.push_back(picture.pixels[at + static_cast<std::size_t>(c)]);
    }
  }
  return seen;
}

}  // namespace duel
