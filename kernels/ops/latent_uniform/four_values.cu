// A thread owns four neighbouring values: one call of Philox.
#include "kernels/device/random.cuh"
#include "kernels/ops/latent_uniform/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 128;

__global__ void __launch_bounds__(kThreads)
    uniform_kernel(float* __restrict__ output, int rows, int columns, float limit, std::uint64_t seed,
                   std::uint32_t draw, const TrainingClock* __restrict__ clock) {
  const int groups = (columns + 3) / 4;
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * groups) return;
  const int r = i / groups, group = i % groups;
  const RandomWords words = draw_words(seed, clock->iteration, draw, r, group);
  float* to = output + static_cast<std::size_t>(r) * columns + 4 * group;
#pragma unroll
  for (int k = 0; k < 4; ++k) {
    if (4 * group + k < columns) to[k] = (2.f * uniform_open(words.word[k]) - 1.f) * limit;
  }
}

}  // namespace

void latent_uniform_four_values(const LatentUniform<float>& a, StreamView stream) {
  const std::size_t groups = static_cast<std::size_t>(a.output.rows) * ((a.output.columns + 3) / 4);
  launch(stream, {blocks_for(groups, kThreads), kThreads}, uniform_kernel, a.output.data, a.output.rows,
         a.output.columns, a.limit, a.seed, a.draw, a.clock.data);
}

}  // namespace duel
