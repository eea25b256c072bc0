// Variants of kernel files for whoever asks for them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kernels/kernel_selection.h"

namespace duel::python {

/// A selection with the variants of these files, which are compiled where they have not been, and with the choices
/// "op=variant". Called with the interpreter's lock; what the compiler says goes to sys.stderr. Throws KernelFileError;
/// std::invalid_argument for a choice that there is not.
KernelSelection kernels_of(const std::vector<std::filesystem::path>& files,
                           const std::vector<std::string>& choices = {});

}  // namespace duel::python
