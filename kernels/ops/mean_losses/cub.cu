// mean_losses with the sums of CUB, the toolkit's library of building blocks, in place of ours.
#include <cub/block/block_reduce.cuh>

#include "kernels/ops/mean_losses/block.cuh"
#include "kernels/ops/mean_losses/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

struct CubSum {
  template <int kCount>
  static __device__ __forceinline__ float of_block(float value) {
    using Reduce = cub::BlockReduce<float, kCount>;
    __shared__ typename Reduce::TempStorage storage;
    __syncthreads();  // an earlier sum has been read
    return Reduce(storage).Sum(value);
  }
};

constexpr int kCubThreads = 256;

__global__ void __launch_bounds__(kCubThreads) cub_losses_kernel(const __grid_constant__ MeanLosses<float> a) {
  MeanLossesBlock<kCubThreads, CubSum>::run(a);
}

}  // namespace

void mean_losses_cub(const MeanLosses<float>& a, StreamView stream) {
  launch(stream, {1, kCubThreads}, cub_losses_kernel, a);
}

}  // namespace duel
