#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/data_fetch_options.h"

namespace duel::app {

/// `data fetch`: downloads a dataset; prints its folder and how to train on it. Throws what exit_code_of() knows; what
/// was downloaded until then stays, and the next call goes on there.
ExitCode data_fetch(const DataFetchOptions& options);

}  // namespace duel::app
