// A block owns a channel: it reads its values once for their mean, again for their variance, and a third time to
// normalize them. Wins where channels are many and small, and where there is no workspace.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/batch_norm/launchers.h"
#include "kernels/ops/batch_norm/normalize.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

// Input, normalized and output may share memory: a thread reads a piece before it writes it, and nobody else does.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) channel_norm_kernel(const __grid_constant__ BatchNorm<float> a) {
  begin_overlapping_kernel();
  using Lanes = ChannelLanes<kThreads>;
  const int channel = static_cast<int>(blockIdx.x);
  const bool vectorized = is_vectorized(a), of_batch = a.statistics == BatchStatistics::batch;
  for (int batch = 0; batch < a.batches(); ++batch) {
    const ChannelValues values = values_of(a, channel, batch);
    const ChannelParts::Range all = Lanes::all(values);
    const BatchMoments<float> moments =
        of_batch ? moments_of<Lanes>(a, values, all, values.count(), vectorized) : running_moments(a, channel);
    normalize<Lanes>(a, channel, values, all, moments, vectorized);
    if (of_batch && threadIdx.x == 0) keep_statistics(a, channel, batch, moments, values.count());
  }
}

template <int kThreads>
void launch_channels(const BatchNorm<float>& a, StreamView stream) {
  launch(stream, {.grid = static_cast<unsigned>(a.channels()), .block = kThreads, .overlaps_previous = true},
         channel_norm_kernel<kThreads>, a);
}

}  // namespace

void batch_norm_channels(const BatchNorm<float>& a, StreamView stream) {
  launch_channels<512>(a, stream);
}
#ifndef __CUDACC__
void batch_norm_one_thread(const BatchNorm<float>& a, StreamView stream) {
  launch_channels<1>(a, stream);
}
#endif

}  // namespace duel
