#include "app/data/pixel_values.h"

#include <fmt/core.h>

#include <algorithm>
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

Range range_of(std::span<const float> values, const fs::path& file, const ValuePlace& place) {
  const auto refuse = [&](std::size_t at, const std::string& found) {
    throw DataError(file.string() + ": " + place(at) +
                    ": expected pixels from 0 to 255, from 0 to 1 or from -1 to 1, found " + found +
                    ". Bring all into one of these ranges.");
  };
  std::size_t least = 0, most = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= -1 && values[i] <= 255)) refuse(i, fmt::format("{}", values[i]));
    if (values[i] < values[least]) least = i;
    if (values[i] > values[most]) most = i;
  }
  if (values[least] >= 0 && values[most] <= 1) return {0, 1, "pixels from 0 to 1: 1 became white"};
  if (values[least] < 0 && values[most] <= 1) return {-1, 1, "pixels from -1 to 1: -1 became black, 1 white"};
  if (values[least] < 0) refuse(least, fmt::format("{}, and {} at {}", values[least], values[most], place(most)));
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
                              const DataImportOptions& settings, const ValuePlace& place) {
  const Range range = range_of(values, settings.source, place);
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
  const std::map<std::string, int> numbers = labels_by_name(found.classes);
  for (std::size_t i = 0; i < labels.size(); ++i) found.images[i].label = numbers.at(labels[i]);
}

}  // namespace duel::app
