// Images as an import finds them, before they are a dataset.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/settings/data_import_options.h"
#include "engine/io/idx.h"

namespace duel::app {

using ClassNames = std::map<int, std::string>;  ///< by label

/// By the names of classes: their numbers where all names are numbers that a label can be, else 0, 1, ... in the order
/// of the names, which a note says then. Throws DataError where there are more than labels can tell apart; `source` is
/// what has them.
ClassNames number_classes(const std::vector<std::string>& names, const std::filesystem::path& source,
                          std::vector<std::string>& notes);

/// The way back.
std::map<std::string, int> labels_by_name(const ClassNames& classes);

struct FoundImage {
  Picture picture;  ///< of the size that is wanted
  int label = 0;
  Split split = Split::train;
};

/// Something that is not in the dataset, and why.
struct LeftOut {
  std::string what;  ///< its path below the source
  std::string why;
};

struct FoundImages {
  std::vector<FoundImage> images;
  ClassNames classes;  ///< none where the images have no labels
  std::vector<LeftOut> left_out = {};
  std::vector<std::string> notes = {};  ///< what was decided on the way, for people
};

/// Hears how much is done, of how much.
using ImportProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Of bars, and behind what is transparent.
std::uint8_t ground_value(const DataImportOptions& settings);

/// The picture as `settings` wants it. Throws std::invalid_argument where it must stay as it is and is no square.
Picture prepared(const Picture& picture, const DataImportOptions& settings);

/// Pictures in the folder and those below it. Subfolders with pictures are the classes; where they are called train and
/// test (or val and the like), the classes are in these. What cannot be read is left out.
FoundImages find_pictures(const DataImportOptions& settings, const ImportProgress& progress);

/// The images of a table of numbers, as text. Throws DataError.
FoundImages find_table_images(const DataImportOptions& settings);

/// The images of an NPY file: [images, height, width], with channels after the first or the last dimension, or [images,
/// values] of squares. Throws DataError.
FoundImages find_array_images(const DataImportOptions& settings);
/// Whole numbers of an NPY file, as text. Throws DataError.
std::vector<std::string> labels_of_array(const std::filesystem::path& file);

/// The images of an IDX file, or of a folder of them. Throws DataError.
FoundImages find_idx_images(const DataImportOptions& settings);

}  // namespace duel::app
