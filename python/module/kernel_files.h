// Variants of kernel files for whoever asks for them.
#pragma once

#include <filesystem>
#include <vector>

#include "kernels/kernel_selection.h"

namespace duel::python {

/// A selection with the variants of these files, which are compiled where they have not been. Called with the
/// interpreter's lock; what the compiler says goes to sys.stderr. Throws KernelFileError.
KernelSelection kernels_of(const std::vector<std::filesystem::path>& files);

}  // namespace duel::python
