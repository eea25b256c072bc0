// `info`: what this program is and what it finds.
#pragma once

#include "app/errors/exit_code.h"
#include "app/settings/info_options.h"

namespace duel::app {

/// Prints version, build, device, optional libraries, the kernels that the default preset trains with, and where images
/// are; as JSON where that is asked for. A device that is missing is told, too. Throws UsageError, KernelFileError.
ExitCode info(const InfoOptions& options);

}  // namespace duel::app
