// The discriminator's head with the sums of CUB, the toolkit's library of building blocks, in place of ours.
#include <cub/block/block_reduce.cuh>
#include <cub/warp/warp_reduce.cuh>

#include "kernels/ops/linear_sigmoid_bce/head.cuh"
#include "kernels/ops/linear_sigmoid_bce/launchers.h"

namespace duel {
namespace {

struct CubSums {
  // Storage for each warp of the block, as CUB asks for; shuffles leave it unused.
  static __device__ __forceinline__ float warp(float value) {
    using Reduce = cub::WarpReduce<float>;
    __shared__ typename Reduce::TempStorage storage[kRowsPerBlock];
    return Reduce(storage[threadIdx.x / 32]).Sum(value);
  }
  template <int kThreads>
  static __device__ __forceinline__ float block(float value) {
    using Reduce = cub::BlockReduce<float, kThreads>;
    __shared__ typename Reduce::TempStorage storage;
    __syncthreads();  // an earlier sum has been read
    return Reduce(storage).Sum(value);
  }
};

}  // namespace

void linear_sigmoid_bce_forward_cub(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  launch_scores<CubSums, 32, 1>(a, stream);
  launch_loss<CubSums, Judged::here, 256>(a, stream);
}

void linear_sigmoid_bce_backward_cub(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  launch_d_score<CubSums, 256>(a, stream);
  launch_head_gradients<256, 32>(a, stream);
}

}  // namespace duel
