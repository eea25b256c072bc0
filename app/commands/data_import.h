#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/data_import_options.h"

namespace duel::app {

/// `data import`: makes the folder --out with IDX files; prints what became of the source and how to go on. Throws what
/// exit_code_of() knows; nothing is left behind then.
ExitCode data_import(const DataImportOptions& options);

}  // namespace duel::app
