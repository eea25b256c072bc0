#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/export_options.h"

namespace duel::app {

/// `export`: writes the checkpoint's networks to a file that other programs read; prints its name. Throws what
/// exit_code_of() knows.
ExitCode export_networks(const ExportOptions& options);

}  // namespace duel::app
