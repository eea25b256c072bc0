// A thread owns four neighbouring values: one call of Philox, two pairs of Box-Muller. Nothing is stored between calls.
#include "kernels/ops/latent_normal/launchers.h"
#include "kernels/ops/latent_normal/normal_pair.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 128;

__global__ void __launch_bounds__(kThreads)
    box_muller_kernel(float* __restrict__ output, int rows, int columns, std::uint64_t seed, std::uint32_t draw,
                      const TrainingClock* __restrict__ clock) {
  const int groups = (columns + 3) / 4;
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * groups) return;
  const int r = i / groups, group = i % groups;
  const RandomWords words = draw_words(seed, clock->iteration, draw, r, group);
  const float2 a = normal_pair(words.word[0], words.word[1]), b = normal_pair(words.word[2], words.word[3]);
  const float values[4] = {a.x, a.y, b.x, b.y};
  float* to = output + static_cast<std::size_t>(r) * columns + 4 * group;
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (4 * group + k < columns) to[k] = values[k];
  }
}

}  // namespace

void latent_normal_box_muller(const LatentNormal<float>& a, StreamView stream) {
  const std::size_t groups = static_cast<std::size_t>(a.output.rows) * ((a.output.columns + 3) / 4);
  launch(stream, {blocks_for(groups, kThreads), kThreads}, box_muller_kernel, a.output.data, a.output.rows,
         a.output.columns, a.seed, a.draw, a.clock.data);
}

}  // namespace duel
