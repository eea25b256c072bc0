// Devices, allocations, launches and function attributes of the runtime API.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <string>

#include "kernels/simt/failing_call.h"
#include "kernels/simt/graph.h"
#include "kernels/simt/kernel_level.h"
#include "kernels/simt/limits.h"
#include "kernels/simt/memory.h"
#include "kernels/simt/ranges.h"

using simt::Device;
using simt::finish;
using simt::MemoryKind;

namespace {

constexpr std::size_t kSharedPerBlock = 48 << 10;
constexpr std::size_t kSharedPerBlockOptin = 99 << 10;  // the least of sm_80 and later: what fits here fits there
constexpr std::size_t kSharedPerMultiprocessor = 100 << 10;
constexpr unsigned kMaxGridX = 0x7fffffff, kMaxGridYZ = 65535;

struct ErrorText {
  cudaError_t code;
  const char* name;
  const char* text;
};
constexpr ErrorText kErrors[] = {
    {cudaSuccess, "cudaSuccess", "no error"},
    {cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration", "invalid configuration argument"},
    {cudaErrorInvalidMemcpyDirection, "cudaErrorInvalidMemcpyDirection", "invalid copy direction for memcpy"},
    {cudaErrorInvalidDeviceFunction, "cudaErrorInvalidDeviceFunction", "invalid device function"},
    {cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle", "invalid resource handle"},
    {cudaErrorIllegalState, "cudaErrorIllegalState", "the operation cannot be performed in the present state"},
    {cudaErrorNotReady, "cudaErrorNotReady", "device not ready"},
    {cudaErrorIllegalAddress, "cudaErrorIllegalAddress", "an illegal memory access was encountered"},
    {cudaErrorLaunchOutOfResources, "cudaErrorLaunchOutOfResources", "too many resources requested for launch"},
    {cudaErrorLaunchTimeout, "cudaErrorLaunchTimeout", "the launch timed out and was terminated"},
    {cudaErrorAssert, "cudaErrorAssert", "device-side assert triggered"},
    {cudaErrorHardwareStackError, "cudaErrorHardwareStackError", "hardware stack error"},
    {cudaErrorIllegalInstruction, "cudaErrorIllegalInstruction", "an illegal instruction was encountered"},
    {cudaErrorMisalignedAddress, "cudaErrorMisalignedAddress", "misaligned address"},
    {cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {cudaErrorNotSupported, "cudaErrorNotSupported", "operation not supported"},
    {cudaErrorStreamCaptureUnsupported, "cudaErrorStreamCaptureUnsupported",
     "operation not permitted when stream is capturing"},
    {cudaErrorStreamCaptureInvalidated, "cudaErrorStreamCaptureInvalidated",
     "operation failed due to a previous error during capture"},
    {cudaErrorStreamCaptureUnmatched, "cudaErrorStreamCaptureUnmatched",
     "the capture was not initiated in this stream"},
    {cudaErrorStreamCaptureUnjoined, "cudaErrorStreamCaptureUnjoined", "capturing stream has unjoined work"},
    {cudaErrorStreamCaptureIsolation, "cudaErrorStreamCaptureIsolation",
     "dependency created on uncaptured work in another stream"},
    {cudaErrorStreamCaptureImplicit, "cudaErrorStreamCaptureImplicit",
     "operation would make the legacy stream depend on a capturing blocking stream"},
    {cudaErrorCapturedEvent, "cudaErrorCapturedEvent",
     "operation not permitted on an event last recorded in a capturing stream"},
    {cudaErrorUnknown, "cudaErrorUnknown", "unknown error"},
};

const ErrorText& find_error(cudaError_t code) {
  const auto* found = std::find_if(std::begin(kErrors), std::end(kErrors), [&](auto& e) { return e.code == code; });
  return found == std::end(kErrors) ? *(std::end(kErrors) - 1) : *found;
}

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string device_name() {
  const std::string level = simt::kernel_level();
  return "CPU device (" + processor_name() + (level.empty() ? ")" : ", " + level + ")");
}

// Dynamic shared memory that each function opted in to; guarded by the device's lock.
std::map<const void*, int> g_dynamic_shared_limits;

std::size_t dynamic_shared_limit(const void* function) {
  const auto found = g_dynamic_shared_limits.find(function);
  return found == g_dynamic_shared_limits.end() ? kSharedPerBlock : static_cast<std::size_t>(found->second);
}

cudaError_t allocate(void** pointer, std::size_t bytes, MemoryKind kind) {
  if (!pointer) return finish(cudaErrorInvalidValue);
  const auto guard = Device::instance().lock();
  *pointer = nullptr;
  if (const cudaError_t error = simt::check_not_capturing()) return finish(error);
  if (bytes == 0 || Device::instance().fault().code != cudaSuccess) return finish(cudaSuccess);  // finish() tells
  ++simt::atomic_counters().allocations;
  *pointer = simt::memory().allocate(bytes, kind);
  return finish(*pointer ? cudaSuccess : cudaErrorMemoryAllocation);
}

// As on a GPU, freeing waits for all work of the device.
cudaError_t release(void* pointer, MemoryKind kind) {
  if (!pointer) return finish(cudaSuccess);
  Device& device = Device::instance();
  auto guard = device.lock();
  if (const cudaError_t error = simt::check_not_capturing()) return finish(error);
  device.wait_for_all(guard);
  std::optional<std::string> damage;
  const bool known = simt::memory().release(pointer, kind, damage);
  if (damage) device.set_fault({cudaErrorIllegalAddress, "found by cudaFree: " + *damage});
  return finish(known ? cudaSuccess : cudaErrorInvalidValue);
}

}  // namespace

const char* cudaGetErrorName(cudaError_t error) {
  return find_error(error).name;
}
const char* cudaGetErrorString(cudaError_t error) {
  return find_error(error).text;
}

// ---- devices ----

cudaError_t cudaGetDeviceCount(int* count) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  *count = 1;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return finish(device == 0 ? cudaSuccess : cudaErrorInvalidDevice);
}
cudaError_t cudaGetDevice(int* device) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  *device = 0;
  return finish(cudaSuccess);
}

static cudaError_t fill_properties(cudaDeviceProp* properties, int device) {
  if (device != 0) return finish(cudaErrorInvalidDevice);
  *properties = {};
  const std::string name = device_name();
  std::strncpy(properties->name, name.c_str(), sizeof properties->name - 1);
  properties->totalGlobalMem = simt::physical_memory();
  properties->sharedMemPerBlock = kSharedPerBlock;
  properties->sharedMemPerBlockOptin = kSharedPerBlockOptin;
  properties->sharedMemPerMultiprocessor = kSharedPerMultiprocessor;
  properties->warpSize = 32;
  properties->maxThreadsPerBlock = simt::kMaxThreads;
  properties->maxThreadsPerMultiProcessor = 2048;
  properties->maxBlocksPerMultiProcessor = 32;
  const int grid[] = {static_cast<int>(kMaxGridX), static_cast<int>(kMaxGridYZ), static_cast<int>(kMaxGridYZ)};
  const int block[] = {1024, 1024, 64};
  std::copy(std::begin(grid), std::end(grid), properties->maxGridSize);
  std::copy(std::begin(block), std::end(block), properties->maxThreadsDim);
  properties->multiProcessorCount = simt::worker_threads();
  properties->regsPerBlock = properties->regsPerMultiprocessor = 65536;
  return finish(cudaSuccess);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return fill_properties(properties, device);
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  cudaDeviceProp properties;
  if (const cudaError_t error = fill_properties(&properties, device)) return error;
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock:
      *value = properties.maxThreadsPerBlock;
      break;
    case cudaDevAttrMaxSharedMemoryPerBlock:
      *value = static_cast<int>(properties.sharedMemPerBlock);
      break;
    case cudaDevAttrWarpSize:
      *value = properties.warpSize;
      break;
    case cudaDevAttrMultiProcessorCount:
      *value = properties.multiProcessorCount;
      break;
    case cudaDevAttrComputeCapabilityMajor:
      *value = properties.major;
      break;
    case cudaDevAttrComputeCapabilityMinor:
      *value = properties.minor;
      break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin:
      *value = static_cast<int>(properties.sharedMemPerBlockOptin);
      break;
    default:
      return finish(cudaErrorInvalidValue);
  }
  return finish(cudaSuccess);
}

cudaError_t cudaDriverGetVersion(int* version) {
  return cudaRuntimeGetVersion(version);
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total_bytes) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  *total_bytes = simt::physical_memory();
  *free_bytes =
      std::min(*total_bytes - std::min(*total_bytes, simt::memory().device_bytes()), simt::address_space_left());
  return finish(cudaSuccess);
}

// ---- memory ----

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return allocate(pointer, bytes, MemoryKind::device);
}
cudaError_t cudaFree(void* pointer) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return release(pointer, MemoryKind::device);
}
cudaError_t cudaMallocHost(void** pointer, std::size_t bytes) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return allocate(pointer, bytes, MemoryKind::pinned);
}
cudaError_t cudaFreeHost(void* pointer) {
  if (const cudaError_t failed = simt::enter_call(__func__)) return failed;
  return release(pointer, MemoryKind::pinned);
}

// ---- kernels ----

namespace simt {

static cudaError_t check_launch(const cudaLaunchConfig_t& config, const KernelCall& call) {
  const dim3 grid = call.grid, block = call.block;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > kMaxGridX || grid.y > kMaxGridYZ || grid.z > kMaxGridYZ ||
      std::uint64_t{grid.x} * grid.y * grid.z >= (std::uint64_t{1} << 32)) {
    return cudaErrorInvalidConfiguration;
  }
  if (block.x == 0 || block.y == 0 || block.z == 0 || block.x > 1024 || block.y > 1024 || block.z > 64 ||
      block.x * block.y * block.z > static_cast<unsigned>(kMaxThreads)) {
    return cudaErrorInvalidConfiguration;
  }
  if (call.dynamic_shared > dynamic_shared_limit(call.function)) return cudaErrorInvalidConfiguration;
  for (unsigned i = 0; i < config.numAttrs; ++i) {
    const cudaLaunchAttribute& attribute = config.attrs[i];
    const auto& cluster = attribute.val.clusterDim;
    if (attribute.id == cudaLaunchAttributeCooperative && attribute.val.cooperative) return cudaErrorNotSupported;
    if (attribute.id == cudaLaunchAttributeClusterDimension && cluster.x * cluster.y * cluster.z > 1) {
      return cudaErrorNotSupported;
    }
  }
  return cudaSuccess;
}

cudaError_t launch(const cudaLaunchConfig_t& config, KernelCall call) {
  if (const cudaError_t failed = enter_call("cudaLaunchKernelEx")) return failed;
  if (!call.function) return finish(cudaErrorInvalidDeviceFunction);
  Device& device = Device::instance();
  const auto guard = device.lock();
  const auto stream = device.find_stream(config.stream);
  if (!stream) return finish(cudaErrorInvalidResourceHandle);
  if (const cudaError_t error = check_launch(config, call)) return finish(error);
  call.range = range_of_launch();
  call.launcher = launcher();
  for (unsigned i = 0; i < config.numAttrs; ++i) {
    const cudaLaunchAttribute& attribute = config.attrs[i];
    if (attribute.id != cudaLaunchAttributeProgrammaticStreamSerialization) continue;
    call.overlaps_previous = attribute.val.programmaticStreamSerializationAllowed != 0;
  }
  return finish(submit(stream, [call = std::move(call)] { return Device::instance().run_kernel(call); }));
}

cudaError_t set_function_attribute(const void* function, cudaFuncAttribute attribute, int value) {
  if (const cudaError_t failed = enter_call("cudaFuncSetAttribute")) return failed;
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize || value < 0 ||
      static_cast<std::size_t>(value) > kSharedPerBlockOptin) {
    return finish(cudaErrorInvalidValue);
  }
  const auto guard = Device::instance().lock();
  g_dynamic_shared_limits[function] = value;
  return finish(cudaSuccess);
}

cudaError_t get_function_attributes(cudaFuncAttributes* attributes, const void* function) {
  if (const cudaError_t failed = enter_call("cudaFuncGetAttributes")) return failed;
  const int architecture = options().architecture;
  const auto guard = Device::instance().lock();
  *attributes = {.sharedSizeBytes = 0,
                 .maxThreadsPerBlock = kMaxThreads,
                 .numRegs = 0,
                 .maxDynamicSharedSizeBytes = static_cast<int>(dynamic_shared_limit(function)),
                 .ptxVersion = architecture,
                 .binaryVersion = architecture};
  return finish(cudaSuccess);
}

cudaError_t max_active_blocks(int* blocks, const void* function, int block_size, std::size_t dynamic_shared) {
  if (const cudaError_t failed = enter_call("cudaOccupancyMaxActiveBlocksPerMultiprocessor")) return failed;
  const auto guard = Device::instance().lock();
  if (!blocks || block_size < 1) return finish(cudaErrorInvalidValue);
  if (block_size > kMaxThreads || dynamic_shared > dynamic_shared_limit(function)) {
    *blocks = 0;
  } else {
    const int by_threads = 2048 / ((block_size + 31) / 32 * 32);
    const int by_shared = dynamic_shared ? static_cast<int>(kSharedPerMultiprocessor / (dynamic_shared + 1024)) : 32;
    *blocks = std::min({32, by_threads, by_shared});
  }
  return finish(cudaSuccess);
}

}  // namespace simt
