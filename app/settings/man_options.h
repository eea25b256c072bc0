// `man`: the program's manual page.
#pragma once

#include <vector>

#include "app/settings/options.h"

namespace duel::app {

struct ManOptions : CommandOptions {
  static const CommandText kCommand;
  static const std::vector<Setting<ManOptions>>& settings();
};

inline void validate_options(const ManOptions&) {}

}  // namespace duel::app
