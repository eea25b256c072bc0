// `sample`: pictures from a checkpoint.
#pragma once

#include <filesystem>
#include <vector>

#include "app/settings/options.h"

namespace duel::app {

struct SampleOptions : GeneratorOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<SampleOptions>>& settings();

  int count = 64;
  int columns = 8;
  bool individual = false;
  bool nearest = false;        ///< also beside the training images that are nearest to them
  std::filesystem::path data;  ///< folder of those; "": search
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const SampleOptions& options);

}  // namespace duel::app
