// Images from numbers: of tables, of arrays, of bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/data/found_images.h"

namespace duel::app {

/// Where the values of one image lie.
struct PixelLayout {
  int height = 0, width = 0, channels = 1;
  bool has_planes = true;  ///< channels first; else last

  std::size_t values() const { return static_cast<std::size_t>(height) * width * channels; }
};

/// Images one after the other, as `settings` wants them, without labels. Throws DataError where they must stay as they
/// are and are no squares.
FoundImages images_of_bytes(std::span<const std::uint8_t> bytes, const PixelLayout& layout,
                            const DataImportOptions& settings);

/// Where a value stands in its file, for people.
using ValuePlace = std::function<std::string(std::size_t i)>;

/// The same of numbers from 0 to 255, or from 0 to 1, or from -1 to 1; a note says which, where it is not the first.
/// Throws DataError for others, with their place.
FoundImages images_of_numbers(std::span<const float> values, const PixelLayout& layout,
                              const DataImportOptions& settings, const ValuePlace& place);

/// Gives the images their labels, one each; none where `labels` is empty. `file` has them. Throws DataError where they
/// are not as many, or more classes than labels can tell apart.
void add_labels(FoundImages& found, const std::vector<std::string>& labels, const std::filesystem::path& file);

}  // namespace duel::app
