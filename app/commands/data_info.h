#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/data_info_options.h"

namespace duel::app {

/// `data info`: prints what a dataset holds. Throws what exit_code_of() knows.
ExitCode data_info(const DataInfoOptions& options);

}  // namespace duel::app
