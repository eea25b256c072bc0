// `watch`: the page of a run in a browser.
#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/watch_options.h"

namespace duel::app {

/// Serves until a signal ends the process. Throws DataError, UsageError; std::system_error where nobody can be told the
/// address.
ExitCode watch(const WatchOptions& options);

}  // namespace duel::app
