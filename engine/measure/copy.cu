// A block owns 64 KiB, its threads neighbouring values: coalesced on a GPU; with one thread per block, as on the CPU
// device, a contiguous run for a worker.
#include "engine/measure/copy.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

#ifdef DUEL_CPU_DEVICE
constexpr int kThreads = 1;
#else
constexpr int kThreads = 256;
#endif
constexpr std::size_t kPerBlock = (std::size_t{64} << 10) / sizeof(float4);

__global__ void __launch_bounds__(kThreads)
    copy_kernel(const float4* __restrict__ from, float4* __restrict__ to, std::size_t count) {
  const std::size_t begin = blockIdx.x * kPerBlock;
  const std::size_t end = begin + kPerBlock < count ? begin + kPerBlock : count;
  for (std::size_t i = begin + threadIdx.x; i < end; i += kThreads) to[i] = from[i];
}

}  // namespace

void enqueue_copy(const float4* from, float4* to, std::size_t count, StreamView stream) {
  launch(stream, {blocks_for(count, kPerBlock), kThreads}, copy_kernel, from, to, count);
}

}  // namespace duel
