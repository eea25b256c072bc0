// The subcommand `evaluate`: how good the samples of generators are, beside what real images measure.
#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/evaluate_options.h"

namespace duel::app {

/// Samples, measures, prints tables, writes the JSON file if one is named; or tests the metrics themselves, and then
/// returns ExitCode::internal where one of them misses a fault. Throws UsageError; DataError; CudaError;
/// std::system_error.
ExitCode evaluate(const EvaluateOptions& options);

}  // namespace duel::app
