// fused_head by a library's product of one row, into the judgements, from which a kernel of ours goes on.
#include "kernels/libraries/library.h"

#include "kernels/ops/fused_head/block.cuh"
#include "kernels/ops/fused_head/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

#ifdef __CUDACC__
constexpr int kThreads = 128, kSamples = 1;
#else
constexpr int kThreads = 1, kSamples = 128;
#endif

__global__ void __launch_bounds__(kThreads) finish_head_kernel(const __grid_constant__ FusedHead<float> a) {
  const int first = static_cast<int>(blockIdx.x * kThreads + threadIdx.x) * kSamples;
  for (int c = first; c < first + kSamples && c < a.input.columns; ++c) {
    judge_sample(a, c, a.judgement.data[c] + a.bias.data[0]);
  }
}

}  // namespace

void fused_head_library(const FusedHead<float>& a, StreamView stream) {
  launch_library_product({.a = factor({a.weight.data, 1, a.weight.rows}),
                          .b = factor(a.input),
                          .result = a.judgement.data,
                          .result_stride = a.judgement.rows},
                         stream);
  launch(stream, {blocks_for(static_cast<std::size_t>(a.input.columns), kThreads * kSamples), kThreads},
         finish_head_kernel, a);
}

}  // namespace duel
