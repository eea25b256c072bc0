// Blocks share out each channel: a kernel leaves the moments of every part, and a second one puts them together in the
// parts' order and normalizes. A channel that is one part of one batch, or has its statistics, takes the second alone.
// Wins where channels are few and large.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/batch_norm/launchers.h"
#include "kernels/ops/batch_norm/normalize.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 512;
using Lanes = ChannelLanes<kThreads>;
static_assert(Lanes::kWidth == ChannelParts::kWidth);

// What a block owns.
struct Part {
  int channel, batch, number;

  __device__ __forceinline__ Part(const BatchNorm<float>& a, const ChannelParts& p)
      : channel(static_cast<int>(blockIdx.x) / p.parts / a.batches()),
        batch(static_cast<int>(blockIdx.x) / p.parts % a.batches()),
        number(static_cast<int>(blockIdx.x) % p.parts) {}
};

__device__ __forceinline__ int count_of(const ChannelValues& values, const ChannelParts::Range& range) {
  return values.before(range.end, Lanes::kWidth) - values.before(range.first, Lanes::kWidth);
}

// Of a channel's first part in a batch; those of the others follow.
__device__ __forceinline__ BatchMoments<float>* part_moments(const BatchNorm<float>& a, const ChannelParts& p,
                                                             int channel, int batch) {
  return reinterpret_cast<BatchMoments<float>*>(a.workspace.data) +
         static_cast<std::size_t>(channel * a.batches() + batch) * p.parts;
}

__global__ void __launch_bounds__(kThreads)
    part_moments_kernel(const __grid_constant__ BatchNorm<float> a, const __grid_constant__ ChannelParts p) {
  begin_overlapping_kernel();
  const Part part(a, p);
  const ChannelValues values = values_of(a, part.channel, part.batch);
  const ChannelParts::Range range = p.range(values, part.number);
  const BatchMoments<float> moments = moments_of<Lanes>(a, values, range, count_of(values, range), is_vectorized(a));
  if (threadIdx.x == 0) part_moments(a, p, part.channel, part.batch)[part.number] = moments;
}

// Of a batch: the mean of all parts' values; their squared differences from it are those from the part's mean, and the
// square of that one's difference for each value.
__device__ __forceinline__ BatchMoments<float> merged_moments(const BatchNorm<float>& a, const ChannelParts& p,
                                                              int channel, int batch) {
  const BatchMoments<float>* const parts = part_moments(a, p, channel, batch);
  const ChannelValues values = values_of(a, channel, batch);
  const auto share = [&](int part) {
    return static_cast<float>(count_of(values, p.range(values, part))) / static_cast<float>(values.count());
  };
  float mean = 0.f, variance = 0.f;
  for (int part = 0; part < p.parts; ++part) mean += parts[part].mean * share(part);
  for (int part = 0; part < p.parts; ++part) {
    const float difference = parts[part].mean - mean;
    variance += (parts[part].variance + difference * difference) * share(part);
  }
  return {mean, variance};
}

__global__ void __launch_bounds__(kThreads)
    normalize_part_kernel(const __grid_constant__ BatchNorm<float> a, const __grid_constant__ ChannelParts p) {
  begin_overlapping_kernel();
  const Part part(a, p);
  const bool vectorized = is_vectorized(a);
  const ChannelValues values = values_of(a, part.channel, part.batch);
  const ChannelParts::Range range = p.range(values, part.number);
  const bool of_batch = a.statistics == BatchStatistics::batch, is_alone = p.parts * a.batches() == 1;
  const BatchMoments<float> moments = !of_batch  ? running_moments(a, part.channel)
                                      : is_alone ? moments_of<Lanes>(a, values, range, values.count(), vectorized)
                                                 : merged_moments(a, p, part.channel, part.batch);
  normalize<Lanes>(a, part.channel, values, range, moments, vectorized);
  if (!of_batch || threadIdx.x > 0 || part.number > 0 || part.batch > 0) return;
  keep_statistics(a, part.channel, 0, moments, values.count());
  if (a.batches() == 1) return;
  keep_statistics(a, part.channel, 1, merged_moments(a, p, part.channel, 1), values_of(a, part.channel, 1).count());
}

}  // namespace

bool batch_norm_parts_supports(const BatchNorm<float>& a, const Device&) {
  return a.workspace || batch_norm_workspace(a) == 0;
}

void batch_norm_parts(const BatchNorm<float>& a, StreamView stream) {
  const ChannelParts parts(a);
  const LaunchShape shape{.grid = static_cast<unsigned>(a.channels() * a.batches() * parts.parts),
                          .block = kThreads,
                          .overlaps_previous = true};
  if (batch_norm_workspace(a) > 0) launch(stream, shape, part_moments_kernel, a, parts);
  launch(stream, shape, normalize_part_kernel, a, parts);
}

}  // namespace duel
