#include "tools/kernel_resources/occupancy.h"

#include <cuda_occupancy.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace duel {
namespace {

struct Architecture {
  int number;               // 75 for compute capability 7.5
  int threads;              // per multiprocessor
  int shared_kib;           // per multiprocessor
  int block_shared_kib;     // per block, opted in
  int reserved_shared_kib;  // that the driver takes per block
};

// CUDA C++ Programming Guide, "Compute Capabilities", table "Technical Specifications per Compute Capability". Blocks
// per multiprocessor and the granularity of allocations are in cuda_occupancy.h itself.
constexpr std::array<Architecture, 7> kArchitectures = {{
    {75, 1024, 64, 64, 0},
    {80, 2048, 164, 163, 1},
    {86, 1536, 100, 99, 1},
    {89, 1536, 100, 99, 1},
    {90, 2048, 228, 227, 1},
    {100, 2048, 228, 227, 1},
    {120, 1536, 100, 99, 1},
}};
// The same for all of them.
constexpr int kRegisters = 64 * 1024, kWarp = 32, kBlockThreads = 1024, kDefaultBlockSharedKib = 48;

const Architecture& find(int number) {
  const auto found = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                  [&](const Architecture& a) { return a.number == number; });
  if (found == kArchitectures.end()) {
    throw std::invalid_argument("occupancy of sm_" + std::to_string(number) +
                                ": its limits are not in tools/kernel_resources/occupancy.cpp; add them there");
  }
  return *found;
}

cudaOccDeviceProp device_properties(const Architecture& a) {
  cudaOccDeviceProp device;
  device.computeMajor = a.number / 10;
  device.computeMinor = a.number % 10;
  device.maxThreadsPerBlock = kBlockThreads;
  device.maxThreadsPerMultiprocessor = a.threads;
  device.regsPerBlock = kRegisters;
  device.regsPerMultiprocessor = kRegisters;
  device.warpSize = kWarp;
  device.sharedMemPerBlock = kDefaultBlockSharedKib * std::size_t{1024};
  device.sharedMemPerMultiprocessor = a.shared_kib * std::size_t{1024};
  device.numSms = 1;  // occupancy is of one multiprocessor
  device.sharedMemPerBlockOptin = a.block_shared_kib * std::size_t{1024};
  device.reservedSharedMemPerBlock = a.reserved_shared_kib * std::size_t{1024};
  return device;
}

std::string limits(unsigned factors) {
  static constexpr std::array<std::pair<unsigned, const char*>, 5> kNames = {
      {{OCC_LIMIT_WARPS, "threads"},
       {OCC_LIMIT_BLOCKS, "blocks"},
       {OCC_LIMIT_REGISTERS, "registers"},
       {OCC_LIMIT_SHARED_MEMORY, "shared memory"},
       {OCC_LIMIT_BARRIERS, "barriers"}}};
  std::string text;
  for (const auto& [factor, name] : kNames) {
    if (factors & factor) text += (text.empty() ? "" : " + ") + std::string(name);
  }
  return text;
}

}  // namespace

std::vector<int> occupancy_architectures() {
  std::vector<int> numbers;
  for (const Architecture& a : kArchitectures) numbers.push_back(a.number);
  return numbers;
}

int threads_per_multiprocessor(int architecture) {
  return find(architecture).threads;
}

Occupancy occupancy(int architecture, const BlockNeeds& needs) {
  const Architecture& a = find(architecture);
  const cudaOccDeviceProp device = device_properties(a);
  cudaOccFuncAttributes kernel;
  kernel.maxThreadsPerBlock = kBlockThreads;
  kernel.numRegs = needs.registers;
  kernel.sharedSizeBytes = static_cast<std::size_t>(needs.shared);
  kernel.shmemLimitConfig = FUNC_SHMEM_LIMIT_OPTIN;
  kernel.numBlockBarriers = 1;
  const cudaOccDeviceState state;
  cudaOccResult result{};
  const bool negative = needs.threads < 0 || needs.shared < 0;
  const cudaOccError error =
      negative ? CUDA_OCC_ERROR_INVALID_INPUT
               : cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &kernel, &state, needs.threads, 0);
  if (error != CUDA_OCC_SUCCESS || result.activeBlocksPerMultiprocessor <= 0) {
    throw std::invalid_argument("occupancy of sm_" + std::to_string(architecture) + ": no block can have " +
                                std::to_string(needs.threads) + " threads, " + std::to_string(needs.registers) +
                                " registers per thread and " + std::to_string(needs.shared) +
                                " bytes of shared memory");
  }
  Occupancy found;
  found.blocks = result.activeBlocksPerMultiprocessor;
  // A block takes whole warps.
  const int resident = found.blocks * ((needs.threads + kWarp - 1) / kWarp) * kWarp;
  found.fraction = static_cast<double>(resident) / a.threads;
  found.limited_by = limits(result.limitingFactors);
  return found;
}

}  // namespace duel
