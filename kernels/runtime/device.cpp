#include "kernels/runtime/device.h"

#include <stdexcept>
#include <system_error>

#include "kernels/runtime/allocation.h"
#include "kernels/runtime/device_spec.h"
#include "kernels/runtime/error.h"
#include "kernels/runtime/kernel_of_tree.h"
#include "kernels/runtime/thread.h"

#ifdef DUEL_CPU_DEVICE
#include "kernels/simt/simt.h"
#endif

namespace duel {

static DeviceSpec parse_device_spec_of_flag(const std::string& spec) {
  try {
    return parse_device_spec(spec);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string("--device: ") + error.what());
  }
}

#ifdef DUEL_CPU_DEVICE

DeviceChoice select_device(const std::string& spec, int threads) {
  if (parse_device_spec_of_flag(spec).kind == DeviceSpec::Kind::cuda) {
    throw CudaError(cudaErrorNoDevice, "--device " + spec +
                                           ": this program was built for the CPU device and has no GPU code. Build it "
                                           "with `cmake --preset cuda` where nvcc and an NVIDIA GPU are present.");
  }
  simt::Options options = simt::options();
  options.threads = threads;
  try {
    simt::set_options(options);
  } catch (const std::system_error& error) {
    throw_lack_of_threads(error.what());
  }
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, 0));
  const int workers = simt::worker_threads();
  return {"cpu", true,
          std::string(properties.name) + ", " + std::to_string(workers) + (workers == 1 ? " thread" : " threads")};
}

#else

DeviceChoice select_device(const std::string& spec, int) {
  const DeviceSpec wanted = parse_device_spec_of_flag(spec);
  if (wanted.kind == DeviceSpec::Kind::cpu) {
    throw CudaError(cudaErrorNoDevice,
                    "--device cpu: this program was built for NVIDIA GPUs. Build it with `cmake "
                    "--preset cpu` for the CPU device.");
  }
  const int ordinal = wanted.ordinal;
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
              format_bytes(static_cast<double>(properties.totalGlobalMem))};
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
