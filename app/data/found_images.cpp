#include "app/data/found_images.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "engine/io/data_error.h"
#include "engine/io/exif_orientation.h"
#include "files/number_text.h"
#include "files/text.h"

namespace duel::app {
namespace {

constexpr int kMostLabel = 255;

std::optional<int> label_of_name(const std::string& name) {
  const std::optional<int> number = read_number<int>(name);
  return number && *number >= 0 && *number <= kMostLabel ? number : std::nullopt;
}

/// "labels: 0 is 'cats', 1 is 'dogs'", of many the first.
std::string numbering_of(const ClassNames& classes) {
  constexpr int kMost = 4, kLongestName = 40;
  std::string text;
  for (const auto& [label, name] : classes) {
    if (label == kMost) {
      text += ", ... (dataset.json has all)";
      break;
    }
    text += (label > 0 ? ", " : "") + std::to_string(label) + " is " + in_quotes(name, kLongestName);
  }
  const bool has_number = std::any_of(classes.begin(), classes.end(),
                                      [](const auto& one) { return read_number<double>(one.second).has_value(); });
  return (has_number ? "the classes are not all whole numbers up to 255, so that they got others: " : "labels: ") +
         text;
}

}  // namespace

ClassNames number_classes(const std::vector<std::string>& names, const std::filesystem::path& source,
                          std::vector<std::string>& notes) {
  ClassNames classes;
  const bool are_labels = std::all_of(names.begin(), names.end(), [](const auto& name) { return label_of_name(name); });
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  if (sorted.size() > kMostLabel + 1) {
    throw DataError(source.string() + ": expected at most 256 classes, found " + std::to_string(sorted.size()) +
                    ", the first of them " + in_quotes(sorted.front()) + ". Put them together to fewer.");
  }
  for (const std::string& name : sorted) {
    const int label = are_labels ? *label_of_name(name) : static_cast<int>(classes.size());
    if (!classes.emplace(label, name).second) {
      throw DataError(source.string() + ": expected one name for each class, found " + in_quotes(classes[label]) +
                      " and " + in_quotes(name) + ". Put them together.");
    }
  }
  if (!are_labels) notes.push_back(numbering_of(classes));
  return classes;
}

std::map<std::string, int> labels_by_name(const ClassNames& classes) {
  std::map<std::string, int> labels;
  for (const auto& [label, name] : classes) labels[name] = label;
  return labels;
}

std::uint8_t ground_value(const DataImportOptions& settings) {
  return settings.ground == Ground::white ? 255 : 0;
}

Picture prepared(const Picture& picture, const DataImportOptions& settings) {
  if (settings.size == 0 && picture.height != picture.width) {
    throw std::invalid_argument("it is " + std::to_string(picture.width) + " x " + std::to_string(picture.height) +
                                " pixels, no square; --size N resizes");
  }
  Picture result =
      settings.size > 0 ? fit_picture(picture, settings.size, settings.fit, ground_value(settings)) : picture;
  if (settings.transpose) result = upright(std::move(result), 5);  // rows are columns
  if (settings.channels != 0) result = with_channels(std::move(result), settings.channels);
  if (result.channels == 3 && settings.channels == 0 && is_grey(result)) result = with_channels(std::move(result), 1);
  if (settings.invert) {
    for (std::uint8_t& value : result.pixels) value = static_cast<std::uint8_t>(255 - value);
  }
  return result;
}

}  // namespace duel::app
