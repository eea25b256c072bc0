// From a kernel file to a library: the compiler's commands.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>

namespace duel {

/// A hash of the names and contents of all headers in `root`/kernels, as cmake/hash_headers.cmake computes it while
/// building. Throws KernelFileError where there are none.
std::string hash_headers(const std::filesystem::path& root);

/// How this build compiles a kernel file, as one types it.
std::string kernel_compiler_command();

/// Names what libraries and programs must have in common: the headers of kernels/, the compiler and its options.
std::string kernel_abi();

struct BuiltLibrary {
  std::filesystem::path path;
  bool is_compiled = false;            ///< just now, not taken from the cache
  std::shared_ptr<const void> folder;  ///< that keeps the file, where the cache could not; while it lives
};

/// The library of a .cu file (absolute path), from the cache or compiled. `messages`: what is compiled, and the
/// compiler's warnings, and what is wrong with the cache. Throws KernelFileError where the compiler refuses the file,
/// or where the headers of kernels/ are not those that this program was built with; std::filesystem::filesystem_error
/// where there is no folder for temporary files.
BuiltLibrary build_library(const std::filesystem::path& file, std::ostream& messages);

/// The bytes of a file. Throws KernelFileError where it cannot be read.
std::string read_kernel_file(const std::filesystem::path& file);

}  // namespace duel
