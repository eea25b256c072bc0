#include "engine/measure/copy.h"

#include "engine/measure/block_run.cuh"

namespace duel {
namespace {

__global__ void __launch_bounds__(kRunThreads)
    copy_kernel(const float4* __restrict__ from, float4* __restrict__ to, std::size_t count) {
  for_each_of_run(count, [=](std::size_t i) { to[i] = from[i]; });
}

}  // namespace

void enqueue_copy(const float4* from, float4* to, std::size_t count, StreamView stream) {
  launch(stream, runs_over(count), copy_kernel, from, to, count);
}

}  // namespace duel
