// `data stack`: a dataset in colour of one of grey images.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "app/settings/options.h"

namespace duel::app {

struct DataStackOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<DataStackOptions>>& settings();

  std::filesystem::path data;  ///< folder of grey images with labels; "": search
  std::filesystem::path out;   ///< the dataset's folder
  int count = 60'000;          ///< training images
  int test_count = 26'000;     ///< as many as published counts of modes are from
  std::uint64_t seed = 0;
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const DataStackOptions& options);

}  // namespace duel::app
