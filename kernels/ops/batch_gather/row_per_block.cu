// A block owns an image: every thread computes which one (cheaper than a barrier), then they convert its bytes.
#include "kernels/device/permutation.cuh"
#include "kernels/ops/batch_gather/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    gather_row_kernel(const std::uint8_t* __restrict__ images, int count, int pixels, std::uint64_t seed,
                      ImageOrder order, int offset, const TrainingClock* __restrict__ clock, float* __restrict__ output,
                      const std::uint8_t* __restrict__ labels, std::uint8_t* __restrict__ output_labels,
                      ImageRange range) {
  const std::uint64_t position = clock->first_image + offset + blockIdx.x;
  const std::uint64_t image = order == ImageOrder::shuffled
                                  ? permuted_index(position, static_cast<std::uint64_t>(count), seed, clock->epoch)
                                  : position;
  if (labels && threadIdx.x == 0) output_labels[blockIdx.x] = labels[image];
  const std::uint8_t* __restrict__ from = images + image * pixels;
  float* __restrict__ to = output + static_cast<std::size_t>(blockIdx.x) * pixels;
  for (int i = threadIdx.x; i < pixels; i += kThreads) {
    const float unit = static_cast<float>(from[i]) / 255.f;
    to[i] = range == ImageRange::zero_to_one ? unit : (unit - 0.5f) / 0.5f;
  }
}

template <int kThreads>
void launch_gather(const BatchGather<float>& a, StreamView stream) {
  launch(stream, {static_cast<unsigned>(a.output.rows), kThreads}, gather_row_kernel<kThreads>, a.images.data,
         a.images.rows, a.images.columns, a.seed, a.order, a.offset, a.clock.data, a.output.data, a.labels.data,
         a.output_labels.data, a.range);
}

}  // namespace

void batch_gather_block_per_row(const BatchGather<float>& a, StreamView stream) {
  launch_gather<128>(a, stream);
}
#ifndef __CUDACC__
void batch_gather_thread_per_row(const BatchGather<float>& a, StreamView stream) {
  launch_gather<1>(a, stream);
}
#endif

}  // namespace duel
