// Blocks share out each channel: a kernel leaves the sums of every part, and a second one adds them up in the parts'
// order and goes on with the values. A channel that is one part of one batch takes the second alone. Wins where
// channels are few and large.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/batch_norm_gradient/launchers.h"
#include "kernels/ops/batch_norm_gradient/through_norm.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 512;
using Lanes = ChannelLanes<kThreads>;
static_assert(Lanes::kWidth == ChannelParts::kWidth);

// Every part's sums, channel by channel and batch by batch, and then gamma as it was, which one block updates while
// others need it.
struct Workspace {
  float* data;
  int channels, batches, parts;

  __device__ __forceinline__ Workspace(const BatchNormGradient<float>& a, const ChannelParts& p)
      : data(a.workspace.data), channels(a.channels()), batches(a.batches() - a.first_batch()), parts(p.parts) {}

  __device__ __forceinline__ GradientSums& part(int channel, int batch, int number) const {
    return reinterpret_cast<GradientSums*>(data)[index(channel, batch, number)];
  }
  __device__ __forceinline__ GradientSums batch(int channel, int batch) const {
    GradientSums total{0.f, 0.f};
    for (int number = 0; number < parts; ++number) total.add(part(channel, batch, number));
    return total;
  }
  __device__ __forceinline__ float& gamma(int channel) const { return data[2 * index(channels, 0, 0) + channel]; }

 private:
  __device__ __forceinline__ std::size_t index(int channel, int batch, int number) const {
    return (static_cast<std::size_t>(channel) * batches + batch) * parts + number;
  }
};

// What a block owns; batches are counted from the first that takes part.
struct Part {
  int channel, batch, number;

  __device__ __forceinline__ explicit Part(const Workspace& w)
      : channel(static_cast<int>(blockIdx.x) / w.parts / w.batches),
        batch(static_cast<int>(blockIdx.x) / w.parts % w.batches),
        number(static_cast<int>(blockIdx.x) % w.parts) {}

  __device__ __forceinline__ bool is_first() const { return number == 0 && batch == 0; }
};

__global__ void __launch_bounds__(kThreads)
    part_sums_kernel(const __grid_constant__ BatchNormGradient<float> a, const __grid_constant__ ChannelParts p) {
  begin_overlapping_kernel();
  const Workspace workspace(a, p);
  const Part part(workspace);
  const ChannelValues values = values_of(a, part.channel, a.first_batch() + part.batch);
  const GradientSums sums = sums_of<Lanes>(a, values, p.range(values, part.number), is_vectorized(a));
  if (threadIdx.x > 0) return;
  workspace.part(part.channel, part.batch, part.number) = sums;
  if (part.is_first()) workspace.gamma(part.channel) = a.gamma.value.data[part.channel];
}

__global__ void __launch_bounds__(kThreads)
    part_gradient_kernel(const __grid_constant__ BatchNormGradient<float> a, const __grid_constant__ ChannelParts p) {
  begin_overlapping_kernel();
  const Workspace workspace(a, p);
  const Part part(workspace);
  const int batch = a.first_batch() + part.batch;
  const bool vectorized = is_vectorized(a), is_alone = p.parts * workspace.batches == 1;
  const ChannelValues values = values_of(a, part.channel, batch);
  const ChannelParts::Range range = p.range(values, part.number);
  const float gamma = is_alone ? a.gamma.value.data[part.channel] : workspace.gamma(part.channel);
  GradientSums sums =
      is_alone ? sums_of<Lanes>(a, values, range, vectorized) : workspace.batch(part.channel, part.batch);
  through_norm<Lanes>(a, values, range, sums, scale_of(a, part.channel, batch, gamma), vectorized);
  if (threadIdx.x > 0 || !part.is_first()) return;
  if (workspace.batches > 1) sums.add(workspace.batch(part.channel, 1));
  learn(a, part.channel, sums);
}

}  // namespace

bool batch_norm_gradient_parts_supports(const BatchNormGradient<float>& a, const Device&) {
  return a.workspace || batch_norm_gradient_workspace(a) == 0;
}

void batch_norm_gradient_parts(const BatchNormGradient<float>& a, StreamView stream) {
  const ChannelParts parts(a);
  const LaunchShape shape{.grid = static_cast<unsigned>(a.channels() * (a.batches() - a.first_batch()) * parts.parts),
                          .block = kThreads,
                          .overlaps_previous = true};
  if (batch_norm_gradient_workspace(a) > 0) launch(stream, shape, part_sums_kernel, a, parts);
  launch(stream, shape, part_gradient_kernel, a, parts);
}

}  // namespace duel
