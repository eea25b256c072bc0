// The settings of a run that goes on.
#pragma once

#include <string>
#include <vector>

#include "app/settings/given_values.h"
#include "app/settings/training_program.h"

namespace duel::app {

/// Those of the run's config.toml, with what `layers`, the weakest first, ask for: what the run has anyway, a farther
/// goal, or what decides neither results nor the run folder. `named`: the run, as find_resume_point() takes it. Throws
/// UsageError with both values for anything else, DataError where there is no such run.
TrainOptions resumed_options(const TrainingProgram& program, const std::string& named,
                             const std::vector<const GivenValues*>& layers);

}  // namespace duel::app
