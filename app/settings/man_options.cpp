#include "app/settings/man_options.h"

#include "app/settings/setting.h"

namespace duel::app {

const CommandText ManOptions::kCommand = {"man", "Print the manual page.",
                                          "Example:\n"
                                          "  {program} man | man -l -"};

const std::vector<Setting<ManOptions>>& ManOptions::settings() {
  static const std::vector<Setting<ManOptions>> kNone;
  return kNone;
}

}  // namespace duel::app
