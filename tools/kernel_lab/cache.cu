#include "tools/kernel_lab/cache.h"

#include <unistd.h>

#include <algorithm>

#include "engine/measure/block_run.cuh"
#include "engine/measure/copy.h"

namespace duel::lab {
namespace {

__global__ void __launch_bounds__(kRunThreads) fill_kernel(float4* __restrict__ to, std::size_t count) {
  for_each_of_run(count, [=](std::size_t i) { to[i] = make_float4(0.f, 0.f, 0.f, 0.f); });
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
  duel::launch(stream, runs_over(2 * half_), fill_kernel, memory_.data(), 2 * half_);
}

void CacheSweep::launch(StreamView stream) {
  enqueue_copy(memory_.data(), memory_.data() + half_, half_, stream);
}

}  // namespace duel::lab
