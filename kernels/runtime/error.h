// Public. Errors of the CUDA runtime become exceptions that say where they happened.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

namespace duel {

/// A place in the source, taken where it is a default argument. (std::source_location needs clang 16.)
struct SourcePlace {
  const char* file;
  int line;

  static constexpr SourcePlace current(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

/// A call of the CUDA runtime failed, or no usable device is there. On the CPU device what() also tells which kernel,
/// block, thread and source line stopped.
class CudaError : public std::runtime_error {
 public:
  CudaError(cudaError_t code, const std::string& what) : std::runtime_error(what), code_(code) {}
  cudaError_t code() const { return code_; }

 private:
  cudaError_t code_;
};

/// Throws CudaError unless `result` is cudaSuccess.
void check(cudaError_t result, SourcePlace place = SourcePlace::current());

}  // namespace duel
