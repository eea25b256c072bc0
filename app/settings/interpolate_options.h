// `interpolate`: what lies between two latents.
#pragma once

#include <vector>

#include "app/settings/options.h"

namespace duel::app {

struct InterpolateOptions : GeneratorOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<InterpolateOptions>>& settings();

  int count = 10;  ///< images of a row, both ends included
  int rows = 8;
  bool spherical = false;
};

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const InterpolateOptions& options);

}  // namespace duel::app
