#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/runs_options.h"

namespace duel::app {

/// `runs`: prints a line for each run below a folder. Throws what exit_code_of() knows.
ExitCode list_runs(const RunsOptions& options);

/// `runs compare`: prints how runs differ and writes a page with their curves; prints its name. Throws likewise.
ExitCode compare_runs(const CompareRunsOptions& options);

}  // namespace duel::app
