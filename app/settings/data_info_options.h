// `data info`: what a dataset holds.
#pragma once

#include <filesystem>
#include <vector>

#include "app/settings/options.h"
#include "engine/measure/result_output.h"

namespace duel::app {

struct DataInfoOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<DataInfoOptions>>& settings();

  std::filesystem::path data;  ///< folder; "": search
  ResultOptions result;
};

/// Does nothing: whatever can be parsed is accepted.
void validate_options(const DataInfoOptions& options);

}  // namespace duel::app
