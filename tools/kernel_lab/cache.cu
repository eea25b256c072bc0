// A block owns 64 KiB, its threads neighbouring values: coalesced on a GPU; with one thread per block, as on the CPU
// device, a contiguous run for a worker.
#include "tools/kernel_lab/cache.h"

#include <unistd.h>

#include <algorithm>

#include "engine/measure/copy.h"
#include "kernels/runtime/launch.h"

namespace duel::lab {
namespace {

#ifdef DUEL_CPU_DEVICE
constexpr int kThreads = 1;
#else
constexpr int kThreads = 256;
#endif
constexpr std::size_t kPerBlock = (std::size_t{64} << 10) / sizeof(float4);

__global__ void __launch_bounds__(kThreads) fill_kernel(float4* __restrict__ to, std::size_t count) {
  const std::size_t begin = blockIdx.x * kPerBlock;
  const std::size_t end = begin + kPerBlock < count ? begin + kPerBlock : count;
  for (std::size_t i = begin + threadIdx.x; i < end; i += kThreads) to[i] = make_float4(0.f, 0.f, 0.f, 0.f);
}

}  // namespace

std::size_t last_level_cache_bytes() {
  constexpr std::size_t kGuess = std::size_t{32} << 20;
  int device = 0;
  check(cudaGetDevice(&device));
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, device));
  if (properties.l2CacheSize > 0) return static_cast<std::size_t>(properties.l2CacheSize);
#if defined(DUEL_CPU_DEVICE) && defined(_SC_LEVEL3_CACHE_SIZE)
  const long bytes = std::max(sysconf(_SC_LEVEL3_CACHE_SIZE), sysconf(_SC_LEVEL2_CACHE_SIZE));
  if (bytes > 0) return static_cast<std::size_t>(bytes);
#endif
  return kGuess;
}

CacheSweep::CacheSweep(std::size_t cache_bytes)
    : half_(std::max<std::size_t>(1, cache_bytes / sizeof(float4))), memory_(2 * half_) {}

void CacheSweep::evict(StreamView stream) const {
  duel::launch(stream, {blocks_for(2 * half_, kPerBlock), kThreads}, fill_kernel, memory_.data(), 2 * half_);
}

void CacheSweep::launch(StreamView stream) {
  enqueue_copy(memory_.data(), memory_.data() + half_, half_, stream);
}

}  // namespace duel::lab
