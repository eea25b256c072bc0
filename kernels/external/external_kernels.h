// Public. Kernels from outside the tree: a kernel file (.cu, see kernel_file.h) is compiled for the device of this
// build, loaded, and asked for its variants.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/kernel_selection.h"

namespace duel {

/// A kernel file that cannot be used. what() names it and says what was expected, what was found and how to mend it.
class KernelFileError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

struct ExternalKernels {
  std::filesystem::path file;      ///< absolute
  std::string sha256;              ///< of the file's bytes
  std::vector<std::string> added;  ///< "op=variant", in the order of the catalog
  bool is_compiled = false;        ///< just now; false: it was compiled before, or is a library
};

/// Adds the variants of a kernel file to `kernels`. A .cu file is compiled as this build compiles its kernels, once:
/// libraries are kept in $XDG_CACHE_HOME/duel/external (or ~/.cache/duel/external) for as long as the file, the headers
/// that it includes and this build stay as they are. Such a library (.so) may be given too. What is loaded stays
/// loaded. `messages` gets a line before the compiler is called, and its warnings. The program must have been linked
/// with duel_accept_external_kernels() (cmake/kernel_sources.cmake).
///
/// Throws KernelFileError where the file cannot be read or has another suffix, the compiler refuses it (with all that
/// it said), the library was made by another build or lacks duel_add_kernels, its static initialisers or
/// duel_add_kernels() fail (call_foreign()), the file adds nothing, or adds a variant that KernelSelection::add()
/// refuses; then `kernels` is as before. Throws std::filesystem::filesystem_error for the cache.
ExternalKernels add_external_kernels(KernelSelection& kernels, const std::filesystem::path& file,
                                     std::ostream& messages);

}  // namespace duel
