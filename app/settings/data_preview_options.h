// `data preview`: a picture of a dataset.
#pragma once

#include <filesystem>
#include <vector>

#include "app/settings/options.h"

namespace duel::app {

struct DataPreviewOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<DataPreviewOptions>>& settings();

  std::filesystem::path data;  ///< folder; "": search
  std::filesystem::path outdir = ".";
  int columns = 12;   ///< images of a class
  int scale = 1;      ///< pixels of a picture for each pixel of an image, a side
  bool test = false;  ///< the test images
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const DataPreviewOptions& options);

}  // namespace duel::app
