// Public. The library's front door: a training program is a main() that calls this, with its presets and its data.
#pragma once

#include "app/settings/training_program.h"

namespace duel::app {

/// The whole of main(): reads the command line and the environment, obeys, and says errors in the program's name. The
/// program must live as long as the process. Returns the exit code (app/errors/exit_code.h).
int run(const TrainingProgram& program, int argc, char** argv);

}  // namespace duel::app
