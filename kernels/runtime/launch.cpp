#include "kernels/runtime/launch.h"

#include <string>

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/kernel_name.h"
#else
#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#endif

namespace duel {
namespace {

std::string name_of(const void* kernel) {
#ifdef DUEL_CPU_DEVICE
  return simt::kernel_name(kernel);
#elif CUDART_VERSION >= 12030
  const char* symbol = nullptr;
  if (cudaFuncGetName(&symbol, kernel) != cudaSuccess) return "a kernel";
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : symbol;
#else
  return "a kernel";
#endif
}

std::string text_of(dim3 size) {
  return "(" + std::to_string(size.x) + "," + std::to_string(size.y) + "," + std::to_string(size.z) + ")";
}

int most(cudaDeviceAttr attribute) {
  int device = 0, value = 0;
  if (cudaGetDevice(&device) != cudaSuccess || cudaDeviceGetAttribute(&value, attribute, device) != cudaSuccess)
    return 0;
  return value;
}

}  // namespace

void check_launch(cudaError_t result, const void* kernel, const LaunchShape& shape) {
  if (result != cudaErrorInvalidConfiguration && result != cudaErrorInvalidValue &&
      result != cudaErrorLaunchOutOfResources) {
    return check(result);
  }
  throw CudaError(result, std::string(cudaGetErrorName(result)) + ": " + cudaGetErrorString(result) + ": " +
                              name_of(kernel) + " on a grid of " + text_of(shape.grid) + " blocks of " +
                              text_of(shape.block) + " threads with " + std::to_string(shape.dynamic_shared_bytes) +
                              " bytes of dynamic shared memory; expected at least 1 block, 1 to " +
                              std::to_string(most(cudaDevAttrMaxThreadsPerBlock)) + " threads and at most " +
                              std::to_string(most(cudaDevAttrMaxSharedMemoryPerBlockOptin)) + " bytes");
}

}  // namespace duel
