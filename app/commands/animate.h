// `animate`: moving pictures.
#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/animate_options.h"

namespace duel::app {

/// Of a run's samples, DIR/00007-name_samples.gif and .png; of a walk, DIR/walk_seed0_16.gif and .png; or under another
/// name (NewPictures). Prints the paths. Throws what exit_code_of() knows.
ExitCode animate(const AnimateOptions& options);

}  // namespace duel::app
