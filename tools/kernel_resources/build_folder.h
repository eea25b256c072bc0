// The kernels of a build folder: of every .cu file below kernels/, as its last compilation told them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/kernel_resources/ptxas_text.h"

namespace duel {

struct CudaObject {
  std::filesystem::path path;
  std::string source;  ///< the .cu file, below kernels/
};

struct BuildFolder {
  std::string toolkit;  ///< nvcc's version
  std::vector<CudaObject> objects;
  std::vector<KernelResources> kernels;  ///< by source, kernel and architecture
};

/// Takes the objects from the folder's compile_commands.json, so that objects of deleted sources do not count.
/// Throws std::runtime_error, naming the file, where the folder was not built with DUEL_DEVICE=cuda, an object was not
/// built yet, or objects were built by different releases of nvcc.
BuildFolder read_build_folder(const std::filesystem::path& folder);

}  // namespace duel
