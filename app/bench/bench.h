// The subcommand `bench`: how fast this machine trains, where the time goes, and how far that is from what is possible.
#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/bench_options.h"

namespace duel::app {

/// Measures, prints tables, writes the JSON file if one is named. Shapes that need more memory than there is are left
/// out with a reason. Throws UsageError; CudaError, also where no shape fits; std::system_error.
ExitCode bench(const BenchOptions& options);

}  // namespace duel::app
