#include "app/settings/watch_options.h"

#include "app/settings/option_checks.h"
#include "app/settings/setting_list.h"

namespace duel::app {

const CommandText WatchOptions::kCommand = {
    "watch", "Show a run in a browser, and follow it while it goes on.",
    "Examples:\n"
    "  {program} watch latest\n"
    "  {program} watch runs/00007-default --port 9000\n\n"
    "Ctrl-C ends it. Only browsers of this machine see the page; from elsewhere: ssh -L 8765:localhost:8765 MACHINE."};

template <class Visitor, OptionsOf<WatchOptions> Options>
void visit_settings(Visitor& visit, Options& options) {
  visit.group("Page");
  visit({.name = "run", .placeholder = "RUN", .help = kRunHelp, .in_file = false, .place = Place::required},
        options.run);
  visit({"port", "PORT", kPortHelp}, options.port, kPorts);
}

const std::vector<Setting<WatchOptions>>& WatchOptions::settings() {
  return collected_settings<WatchOptions>();
}

void validate_options(const WatchOptions& options) {
  check_ranges(WatchOptions::settings(), options);
}

}  // namespace duel::app
