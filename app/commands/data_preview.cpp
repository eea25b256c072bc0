#include "app/commands/data_preview.h"

#include <fmt/core.h>

#include <algorithm>
#include <iostream>

#include "app/data/dataset_file.h"
#include "app/data/whole_dataset.h"
#include "app/drawing/new_pictures.h"
#include "app/drawing/pictures.h"
#include "engine/data/float_images.h"

namespace duel::app {
namespace {

/// The first images of each class, row by row; black ones where it has fewer.
struct Rows {
  std::vector<int> images;  ///< -1: a black one
  std::vector<int> labels;  ///< of the rows; none where there are no labels
};

Rows rows_of(const ImageSet& set, int columns) {
  Rows rows;
  if (set.labels.empty()) {
    for (int i = 0; i < std::min(set.count, columns * columns); ++i) rows.images.push_back(i);
    return rows;
  }
  std::map<int, std::vector<int>> of_class;
  for (int i = 0; i < set.count; ++i) {
    std::vector<int>& images = of_class[set.labels[static_cast<std::size_t>(i)]];
    if (std::ssize(images) < columns) images.push_back(i);
  }
  for (auto& [label, images] : of_class) {
    images.resize(static_cast<std::size_t>(columns), -1);
    rows.images.insert(rows.images.end(), images.begin(), images.end());
    rows.labels.push_back(label);
  }
  return rows;
}

FloatImages images_of_rows(const ImageSet& set, const Rows& rows) {
  FloatImages images = float_images(set, 0, 0);
  const std::size_t values = set.pixels.size() / static_cast<std::size_t>(set.count);
  for (const int i : rows.images) {
    const std::vector<float> one =
        i >= 0 ? float_images(set, i, 1).values : std::vector<float>(values, lowest_pixel(images.range));
    images.values.insert(images.values.end(), one.begin(), one.end());
    ++images.count;
  }
  return images;
}

}  // namespace

ExitCode data_preview(const DataPreviewOptions& options) {
  const WholeDataset dataset = read_whole_dataset(*options.program, options.data);
  const ImageSet& set = options.test ? dataset.test : dataset.train;
  if (set.count == 0)
    throw DataError(dataset.folder.string() + ": expected test images, found none. Leave out --test.");
  const Rows rows = rows_of(set, options.columns);
  require_grid(static_cast<int>(rows.images.size()), set.channels, set.height * options.scale,
               set.width * options.scale, options.columns, kPicturePadding * options.scale);
  NewPictures pictures(*options.program, options.outdir, "preview_" + set.name + (options.test ? "_test" : ""),
                       options.scale);
  pictures.add(".png", images_of_rows(set, rows), options.columns, PixelRange::fixed);
  for (const std::filesystem::path& file : pictures.write()) std::cout << file.string() << "\n";
  for (std::size_t row = 0; row < rows.labels.size(); ++row) {
    std::cout << fmt::format("row {:>3}: {}\n", row + 1, class_name(dataset.classes, rows.labels[row]));
  }
  return ExitCode::ok;
}

}  // namespace duel::app
