#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/train_options.h"

namespace duel::app {

/// `train`: progress goes to standard error, where the results are to standard output. Returns ok, collapsed or
/// what stands for a signal (all after saving); throws what exit_code_of() knows.
ExitCode train(const TrainOptions& options);

}  // namespace duel::app
