// `data import`: pictures and tables become a dataset.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "app/settings/options.h"
#include "engine/configuration/enum_names.h"
#include "engine/data/picture_fit.h"

namespace duel {

EnumNames<Fit> names_of(Fit);

namespace app {

/// What transparent pixels show, and what bars beside a picture are filled with.
enum class Ground { black, white };
EnumNames<Ground> names_of(Ground);

struct DataImportOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<DataImportOptions>>& settings();

  std::filesystem::path source;  ///< a folder of pictures or IDX files, or a file: CSV, NPY, IDX
  std::filesystem::path out;     ///< the dataset's folder
  std::filesystem::path labels;  ///< NPY or IDX file of the labels; "": none, or in the source
  int size = 28;                 ///< side of the images; 0: as they are, all alike and square
  Fit fit = Fit::crop;
  int channels = 0;  ///< 1 or 3; 0: 3 where an image has colours, else 1
  Ground ground = Ground::black;
  bool invert = false;     ///< black becomes white, as ink on paper becomes MNIST's white on black
  bool transpose = false;  ///< rows become columns, which rights EMNIST's files
  double test_share = 0.1;
  std::uint64_t seed = 0;  ///< decides which are the test images, and the order of all
  int threads = 0;         ///< 0: as many as there are processors
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const DataImportOptions& options);

}  // namespace app
}  // namespace duel
