// How a training has ended: its exit code, what outcome.json and the report say, and what is printed.
#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include "app/errors/exit_code.h"
#include "app/run_folder/run_folder.h"
#include "app/settings/train_options.h"
#include "app/training/training_session.h"
#include "engine/training/trainer.h"

namespace duel::app {

/// Writes outcome.json, the end of log.txt and the report, and prints where the results are and how to go on. `goal`:
/// iterations of the whole run. Returns the exit code. Throws std::system_error.
ExitCode end_training(const SessionResult& result, const TrainOptions& options, std::int64_t goal,
                      const Trainer& trainer, RunFolder& folder);

/// The same for one that an error has ended, as far as it can be written. Throws the error again, with its remedy.
[[noreturn]] void fail_training(const std::exception& error, const TrainOptions& options, std::int64_t goal,
                                std::int64_t iterations, RunFolder& folder);

}  // namespace duel::app
