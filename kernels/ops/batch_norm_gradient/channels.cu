// A block owns a channel: it reads its values once for the sums, and again for what they mean below. Wins where
// channels are many and small, and where there is no workspace.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/batch_norm_gradient/launchers.h"
#include "kernels/ops/batch_norm_gradient/through_norm.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

// d_linear and d_below may share memory: a thread reads a piece before it writes it, and nobody else does.
template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    channel_gradient_kernel(const __grid_constant__ BatchNormGradient<float> a) {
  begin_overlapping_kernel();
  using Lanes = ChannelLanes<kThreads>;
  const int channel = static_cast<int>(blockIdx.x);
  const bool vectorized = is_vectorized(a);
  const float gamma = a.gamma.value.data[channel];
  GradientSums all_sums{0.f, 0.f};
  for (int batch = a.first_batch(); batch < a.batches(); ++batch) {
    const ChannelValues values = values_of(a, channel, batch);
    const GradientSums sums = sums_of<Lanes>(a, values, Lanes::all(values), vectorized);
    through_norm<Lanes>(a, values, Lanes::all(values), sums, scale_of(a, channel, batch, gamma), vectorized);
    all_sums.add(sums);
  }
  if (threadIdx.x == 0) learn(a, channel, all_sums);  // the sums' barriers lie behind everybody's gamma
}

template <int kThreads>
void launch_channels(const BatchNormGradient<float>& a, StreamView stream) {
  launch(stream, {.grid = static_cast<unsigned>(a.channels()), .block = kThreads, .overlaps_previous = true},
         channel_gradient_kernel<kThreads>, a);
}

}  // namespace

void batch_norm_gradient_channels(const BatchNormGradient<float>& a, StreamView stream) {
  launch_channels<512>(a, stream);
}
#ifndef __CUDACC__
void batch_norm_gradient_one_thread(const BatchNormGradient<float>& a, StreamView stream) {
  launch_channels<1>(a, stream);
}
#endif

}  // namespace duel
