// `info`: what this program is and what it finds.
#pragma once

#include <vector>

#include "app/settings/options.h"
#include "engine/measure/result_output.h"

namespace duel::app {

struct InfoOptions : DeviceOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<InfoOptions>>& settings();

  ResultFormat format = ResultFormat::table;
  bool json = false;  ///< instead of `format`
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const InfoOptions& options);

}  // namespace duel::app
