// What ptxas says about each kernel, read from the OBJECT.ptxas files that cmake/ptxas_report.sh leaves beside objects.
#pragma once

#include <istream>
#include <string>
#include <vector>

namespace duel {

/// One kernel compiled for one architecture. Memory in bytes.
struct KernelResources {
  std::string source;    ///< the .cu file, below the folder of its library
  std::string kernel;    ///< readable name, with template arguments
  int architecture = 0;  ///< 75 for sm_75
  int threads = 0;       ///< per block, from __launch_bounds__; 0 where the kernel has none
  int registers = 0;     ///< per thread
  int spill_stores = 0;
  int spill_loads = 0;
  int stack = 0;     ///< per thread
  int shared = 0;    ///< static, per block; what launch() adds is not known to the compiler
  int constant = 0;  ///< the kernel's parameters among it

  bool operator==(const KernelResources&) const = default;
};

struct PtxasText {
  std::string toolkit;  ///< nvcc's version, 13.0.88
  std::vector<KernelResources> kernels;
};

/// Reads one .ptxas file; `file` names it in errors, `source` goes into every kernel. Spills of device functions that
/// are not inlined are left out: --warn-on-spills makes them errors of the build.
/// Throws std::runtime_error with file and line where the text is not what ptxas and the launcher write.
PtxasText read_ptxas_text(std::istream& text, const std::string& file, const std::string& source);

/// "f_kernel<TileShape<64>, Relu>" for a mangled name: without namespace duel, anonymous namespaces and parameters.
/// A name that is not mangled is returned as it is.
std::string readable_kernel_name(const std::string& mangled);

/// 75 for "sm_75", 90 for "sm_90a"; 0 for anything else.
int architecture_number(const std::string& name);

}  // namespace duel
