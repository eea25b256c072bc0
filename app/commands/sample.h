#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/sample_options.h"

namespace duel::app {

/// `sample`: writes DIR/samples_seed0_64.png, with --individual DIR/samples_seed0_64/000000.png and so on, and
/// with --nearest DIR/samples_seed0_64_nearest.png; or under other names (NewPictures); prints the paths. Throws what
/// exit_code_of() knows.
ExitCode sample(const SampleOptions& options);

}  // namespace duel::app
