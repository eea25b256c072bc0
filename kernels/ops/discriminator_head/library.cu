// discriminator_head by a library's product of one row, into the judgements, from which a kernel of ours goes on.
#include "kernels/libraries/library.h"

#include "kernels/ops/discriminator_head/block.cuh"
#include "kernels/ops/discriminator_head/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

#ifdef __CUDACC__
constexpr int kHeadThreads = 128, kSamplesOfThread = 1;
#else
constexpr int kHeadThreads = 1, kSamplesOfThread = 128;
#endif

__global__ void __launch_bounds__(kHeadThreads) finish_head_kernel(const __grid_constant__ DiscriminatorHead<float> a) {
  const int first = static_cast<int>(blockIdx.x * kHeadThreads + threadIdx.x) * kSamplesOfThread;
  for (int c = first; c < first + kSamplesOfThread && c < a.columns(); ++c) {
    judge_sample(a, c, a.judgement.data[c] + a.bias.data[0]);
  }
}

}  // namespace

void discriminator_head_library(const DiscriminatorHead<float>& a, StreamView stream) {
  launch_library_product({.a = factor({a.weight.data, 1, a.weight.rows}),
                          .b = factor_of_columns(a.input, 0, a.columns()),
                          .result = a.judgement.data,
                          .result_stride = a.judgement.rows},
                         stream);
  launch(stream, {blocks_for(static_cast<std::size_t>(a.columns()), kHeadThreads * kSamplesOfThread), kHeadThreads},
         finish_head_kernel, a);
}

}  // namespace duel
