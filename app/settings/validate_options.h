#pragma once

#include "app/settings/options.h"

namespace duel::app {

/// Throws UsageError that names the first setting out of range, its value and what is accepted.
void validate_options(const TrainOptions& options);
void validate_options(const SampleOptions& options);
void validate_options(const InterpolateOptions& options);
void validate_options(const BenchOptions& options);
void validate_options(const EvaluateOptions& options);

}  // namespace duel::app
