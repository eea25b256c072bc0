// Public. A whole training program, with subcommands, run folders, reports and evaluation, for images of one's own;
// link duel::app. docs/architecture.md, "Adding an app", says how.
#pragma once

#include "app/program.h"
#include "app/settings/training_program.h"
