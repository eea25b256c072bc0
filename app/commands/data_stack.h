#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/data_stack_options.h"

namespace duel::app {

/// `data stack`: makes the folder --out with IDX files; prints how to go on. Throws what exit_code_of() knows; nothing
/// is left behind then.
ExitCode data_stack(const DataStackOptions& options);

}  // namespace duel::app
