// Images from tables of numbers and from IDX files.
#include <algorithm>
#include <iterator>

#include "app/data/dataset_file.h"
#include "app/data/found_images.h"
#include "app/data/pixel_values.h"
#include "engine/io/image_table.h"
#include "files/folders.h"

namespace duel::app {
namespace {

namespace fs = std::filesystem;

FoundImages images_of_set(const ImageSet& set, Split split, const DataImportOptions& settings) {
  FoundImages found = images_of_bytes(set.pixels, {set.height, set.width, set.channels}, settings);
  for (std::size_t i = 0; i < found.images.size(); ++i) {
    found.images[i].split = split;
    if (!set.labels.empty()) found.images[i].label = set.labels[i];
  }
  for (const std::uint8_t label : set.labels) found.classes.emplace(label, std::to_string(label));
  return found;
}

/// What lies beside a dataset's files.
void leave_out_others(FoundImages& found, const fs::path& folder) {
  for (const fs::directory_entry& entry : entries_of(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_idx = name.starts_with("train-") || name.starts_with("t10k-");
    if (!is_idx && name != kDatasetFile) found.left_out.push_back({name, "beside the IDX files"});
  }
  std::sort(found.left_out.begin(), found.left_out.end(),
            [](const LeftOut& a, const LeftOut& b) { return a.what < b.what; });
}

}  // namespace

FoundImages find_table_images(const DataImportOptions& settings) {
  const ImageTable table = read_image_table(settings.source);
  PixelLayout layout;
  layout.height = layout.width = side_of_square(table.columns, layout.channels);
  if (layout.height == 0) {
    throw DataError(settings.source.string() +
                    ": expected as many values a line as a square has pixels, of 1 channel or 3, such as 784 or 3072, "
                    "and perhaps a label; found " +
                    std::to_string(table.columns) + (table.labels.empty() ? "" : " beside the label") +
                    ". Name the labels' column \"label\", or leave other columns out.");
  }
  FoundImages found =
      images_of_numbers(table.values, layout, settings, [&](std::size_t i) { return table.place_of(i); });
  add_labels(found, table.labels, settings.source);
  return found;
}

FoundImages find_idx_images(const DataImportOptions& settings) {
  if (!fs::is_directory(settings.source)) {
    return images_of_set(read_idx_images(settings.source), Split::train, settings);
  }
  FoundImages found = images_of_set(read_idx_folder(settings.source, Split::train), Split::train, settings);
  if (has_idx_images(settings.source, Split::test)) {
    FoundImages test = images_of_set(read_idx_folder(settings.source, Split::test), Split::test, settings);
    found.classes.merge(test.classes);
    found.images.insert(found.images.end(), std::make_move_iterator(test.images.begin()),
                        std::make_move_iterator(test.images.end()));
  }
  leave_out_others(found, settings.source);
  const ClassNames names = read_class_names(settings.source);
  for (auto& [label, name] : found.classes) name = class_name(names, label);
  return found;
}

}  // namespace duel::app
