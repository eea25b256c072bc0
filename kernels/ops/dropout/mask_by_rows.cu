// A thread owns groups of four neighbouring values: one call of Philox each. Memory and Philox's integer products
// decide.
#include "kernels/device/random.cuh"
#include "kernels/ops/dropout/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

// `input` and `output` may be the same memory: a thread reads its values before it writes them.
template <int kThreads, int kGroups>
__global__ void __launch_bounds__(kThreads)
    dropout_kernel(const float* input, float* output, int columns, std::size_t groups, DropoutMask<float> mask) {
  const std::size_t groups_of_row = (columns + 3) / 4;
  const std::uint64_t iteration = mask.clock.data->iteration;
  const float scale = 1.f / mask.keep;
  const std::size_t begin = (static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x) * kGroups;
  for (std::size_t i = begin; i < begin + kGroups && i < groups; ++i) {
    const int row = static_cast<int>(i / groups_of_row), group = static_cast<int>(i % groups_of_row);
    const RandomWords words = draw_words(mask.seed, iteration, mask.draw, mask.first_sample + row, group);
    const std::size_t first = static_cast<std::size_t>(row) * columns + 4 * group;
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      if (4 * group + k >= columns) continue;
      const float value = input[first + k] * scale;
      output[first + k] = uniform_open(words.word[k]) < mask.keep ? value : 0.f;
    }
  }
}

template <int kThreads, int kGroups>
void launch_dropout(const Dropout<float>& a, StreamView stream) {
  const std::size_t groups = static_cast<std::size_t>(a.input.rows) * ((a.input.columns + 3) / 4);
  launch(stream, {blocks_for(groups, kThreads * kGroups), kThreads}, dropout_kernel<kThreads, kGroups>, a.input.data,
         a.output.data, a.input.columns, groups, a.mask);
}

}  // namespace

void dropout_four_values(const Dropout<float>& a, StreamView stream) {
  launch_dropout<128, 1>(a, stream);
}
#ifndef __CUDACC__
void dropout_run_per_thread(const Dropout<float>& a, StreamView stream) {
  launch_dropout<1, 1024>(a, stream);
}
#endif

}  // namespace duel
