// `watch`: a run in a browser.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/settings/options.h"

namespace duel::app {

struct WatchOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<WatchOptions>>& settings();

  std::string run;                      ///< its folder; or "latest"
  std::filesystem::path runs = "runs";  ///< where that is looked for
  int port = 0;                         ///< 0: the first free one
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const WatchOptions& options);

}  // namespace duel::app
