#include "kernels/runtime/device.h"

#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "kernels/runtime/error.h"
#include "kernels/runtime/kernel_of_tree.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel {
namespace {

// The N of "cuda:N"; 0 for "cuda". Throws std::invalid_argument for anything else.
int parse_cuda_spec(const std::string& spec) {
  if (spec == "cuda") return 0;
  int ordinal = -1;
  if (spec.starts_with("cuda:")) {
    const char* end = spec.data() + spec.size();
    const auto [rest, error] = std::from_chars(spec.data() + 5, end, ordinal);
    if (error == std::errc() && rest == end && ordinal >= 0) return ordinal;
  }
  throw std::invalid_argument("--device is '" + spec + "'; expected auto, cpu, cuda or cuda:N");
}

}  // namespace

#ifdef DUEL_CPU_DEVICE

DeviceChoice select_device(const std::string& spec, int threads) {
  if (spec != "auto" && spec != "cpu") {
    parse_cuda_spec(spec);
    throw CudaError(cudaErrorNoDevice, "--device " + spec +
                                           ": this program was built for the CPU device and has no GPU code. Build it "
                                           "with `cmake --preset cuda` where nvcc and an NVIDIA GPU are present.");
  }
  simt::Options options = simt::options();
  options.threads = threads;
  simt::set_options(options);
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, 0));
  const int workers = simt::worker_threads();
  return {"cpu", true,
          std::string(properties.name) + ", " + std::to_string(workers) + (workers == 1 ? " thread" : " threads")};
}

#else

static std::string gibibytes(std::size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / (1 << 30));
  return text;
}

DeviceChoice select_device(const std::string& spec, int) {
  if (spec == "cpu") {
    throw CudaError(cudaErrorNoDevice,
                    "--device cpu: this program was built for NVIDIA GPUs. Build it with `cmake "
                    "--preset cpu` for the CPU device.");
  }
  const int ordinal = spec == "auto" ? 0 : parse_cuda_spec(spec);
  int count = 0;
  const cudaError_t found = cudaGetDeviceCount(&count);
  if (found != cudaSuccess || count == 0) {
    throw CudaError(found == cudaSuccess ? cudaErrorNoDevice : found,
                    std::string("no CUDA device is present (") + cudaGetErrorString(found) +
                        "). Check `nvidia-smi` and the driver, or build the CPU device with `cmake --preset cpu`.");
  }
  if (ordinal >= count) {
    throw CudaError(cudaErrorInvalidDevice,
                    "--device " + spec + ": there " +
                        (count == 1 ? "is 1 CUDA device" : "are " + std::to_string(count) + " CUDA devices") +
                        ", numbered from 0");
  }
  check(cudaSetDevice(ordinal));
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, ordinal));
  return {"cuda:" + std::to_string(ordinal), false,
          std::string(properties.name) + ", sm_" + std::to_string(properties.major * 10 + properties.minor) + ", " +
              std::to_string(properties.multiProcessorCount) + " multiprocessors, " +
              gibibytes(properties.totalGlobalMem)};
}

#endif

int architecture_of(const void* kernel) {
  cudaFuncAttributes attributes{};
  check(cudaFuncGetAttributes(&attributes, kernel));
  return attributes.ptxVersion;
}

const Device& Device::current() {
  static const Device device = [] {
    Device found;
    int major = 0, minor = 0, ordinal = 0;
    check(cudaGetDevice(&ordinal));
    check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, ordinal));
    check(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, ordinal));
    check(cudaDeviceGetAttribute(&found.multiprocessors, cudaDevAttrMultiProcessorCount, ordinal));
    found.compute_capability = 10 * major + minor;
    found.compiled_architecture = architecture_of(kernel_of_tree());
#ifdef DUEL_CPU_DEVICE
    found.is_cpu = true;
#endif
    return found;
  }();
  return device;
}

}  // namespace duel
