#include "app/data/pixel_values.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "engine/io/data_error.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

/// How numbers become bytes: 255 * (value - low) / (high - low).
struct Range {
  float low = 0, high = 255;
  const char* note = "";
};

Range range_of(std::span<const float> values, const fs::path& file) {
  float least = std::numeric_limits<float>::infinity(), most = -least;
  for (const float value : values) {
    if (!(value >= -1 && value <= 255)) {
      throw DataError(file.string() + ": expected pixels from 0 to 255, from 0 to 1 or from -1 to 1, found " +
                      std::to_string(value) + ". Bring them into one of these ranges.");
    }
    least = std::min(least, value);
    most = std::max(most, value);
  }
  if (least >= 0 && most <= 1) return {0, 1, "pixels from 0 to 1: 1 became white"};
  if (least < 0 && most <= 1) return {-1, 1, "pixels from -1 to 1: -1 became black, 1 white"};
  if (least < 0) {
    throw DataError(file.string() + ": expected pixels from 0 to 255, from 0 to 1 or from -1 to 1, found some from " +
                    std::to_string(least) + " to " + std::to_string(most) + ". Bring them into one of these ranges.");
  }
  return {};
}

std::vector<std::uint8_t> to_bytes(std::span<const float> values, const Range& range) {
  const float scale = 255.f / (range.high - range.low);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size());
  for (const float value : values) bytes.push_back(static_cast<std::uint8_t>((value - range.low) * scale + 0.5f));
  return bytes;
}

Picture picture_of(const std::uint8_t* image, const PixelLayout& layout) {
  if (layout.has_planes) return picture_of_planes(image, layout.height, layout.width, layout.channels);
  return {layout.height, layout.width, layout.channels, {image, image + layout.values()}};
}

}  // namespace

FoundImages images_of_bytes(std::span<const std::uint8_t> bytes, const PixelLayout& layout,
                            const DataImportOptions& settings) {
  FoundImages found;
  try {
    for (std::size_t at = 0; at < bytes.size(); at += layout.values()) {
      found.images.push_back({prepared(picture_of(bytes.data() + at, layout), settings), 0, Split::train});
    }
  } catch (const std::invalid_argument& error) {
    throw DataError(settings.source.string() + ": expected square images, found that " + error.what() + ".");
  }
  return found;
}

FoundImages images_of_numbers(std::span<const float> values, const PixelLayout& layout,
                              const DataImportOptions& settings) {
  const Range range = range_of(values, settings.source);
  FoundImages found = images_of_bytes(to_bytes(values, range), layout, settings);
  if (*range.note != '\0') found.notes.emplace_back(range.note);
  return found;
}

void add_labels(FoundImages& found, const std::vector<std::string>& labels, const fs::path& file) {
  if (labels.empty()) return;
  if (labels.size() != found.images.size()) {
    throw DataError(file.string() + ": expected " + std::to_string(found.images.size()) +
                    " labels, as many as there are images, found " + std::to_string(labels.size()) +
                    ". Take both from the same dataset.");
  }
  found.classes = number_classes(labels, file, found.notes);
  std::map<std::string, int> numbers;
  for (const auto& [label, name] : found.classes) numbers[name] = label;
  for (std::size_t i = 0; i < labels.size(); ++i) found.images[i].label = numbers.at(labels[i]);
}

}  // namespace duel::app
