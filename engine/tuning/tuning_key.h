// What a measurement of kernels depends on: it is good for the same device, software and sources only.
#pragma once

#include <string>

namespace duel {

struct TuningKey {
  std::string device;    ///< model, as the driver names it
  std::string driver;    ///< newest CUDA version that the driver supports, "12.4"
  std::string runtime;   ///< CUDA version that the program was built with, "12.4"
  std::string compiler;  ///< of the kernels, and what was asked of it
  std::string kernels;   ///< hash of the sources in kernels/

  bool operator==(const TuningKey&) const = default;
};

/// The key of this program on the device in use. The number of worker threads of the CPU device is no part of it: the
/// same variants run, and so the same bits come out, whatever that number. Throws CudaError.
TuningKey current_tuning_key();

/// What of it is the build's.
struct BuildFacts {
  std::string device;    ///< kind that the build serves: "cpu" or "cuda"
  std::string compiler;  ///< and what was asked of it
  std::string runtime;   ///< CUDA version
  std::string kernels;   ///< hash of the sources in kernels/, its beginning
};
/// Needs no device. Throws CudaError.
BuildFacts build_facts();

/// Compiler, CUDA runtime and kernel sources, in a line. Throws CudaError.
std::string build_text();

}  // namespace duel
