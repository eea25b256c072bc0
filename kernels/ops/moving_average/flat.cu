// A thread owns kPerThread neighbouring values and moves them kWidth at a time: 12 bytes a value, memory bandwidth
// decides. In the iterations between two moves every thread leaves at once.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/register_row.cuh"
#include "kernels/ops/moving_average/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

/// 1 - decay^interval, of 1 - decay: nothing cancels where the decay is near 1.
__device__ __forceinline__ float rest_of(float rest, float interval, std::uint64_t iteration) {
  const float early = 9.f / (10.f + static_cast<float>(iteration));
  return -expm1f(interval * log1pf(-fmaxf(rest, early)));
}

template <int kThreads, int kPerThread, int kWidth>
__global__ void __launch_bounds__(kThreads)
    moving_average_kernel(const float* __restrict__ value, float* __restrict__ average, std::size_t count, float rest,
                          int interval, bool vectorized, const TrainingClock* __restrict__ clock) {
  begin_overlapping_kernel();
  const std::uint64_t iteration = clock->iteration;
  if ((iteration + 1) % static_cast<std::uint64_t>(interval) != 0) return;
  const std::size_t begin = (static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x) * kPerThread;
  const std::size_t end = begin + kPerThread < count ? begin + kPerThread : count;
  const auto share = RegisterRow<kWidth>::filled(rest_of(rest, static_cast<float>(interval), iteration));
  for (std::size_t i = begin; i < end; i += kWidth) {
    const int valid = end - i < kWidth ? static_cast<int>(end - i) : kWidth;
    const auto before = load_aligned_row<kWidth>(average + i, valid, vectorized);
    const auto now = load_aligned_row<kWidth>(value + i, valid, vectorized);
    store_row(average + i, before + share * (now - before), valid, vectorized);
  }
}

template <int kThreads, int kPerThread, int kWidth>
void move(const MovingAverage<float>& a, StreamView stream) {
  const auto address = [](const float* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); };
  const bool is_vectorized = (address(a.value.data) | address(a.average.data)) % 16 == 0;
  launch(stream,
         {.grid = blocks_for(a.average.size(), static_cast<std::size_t>(kThreads) * kPerThread),
          .block = kThreads,
          .overlaps_previous = true},
         moving_average_kernel<kThreads, kPerThread, kWidth>, a.value.data, a.average.data, a.average.size(),
         static_cast<float>(1 - a.decay), a.interval, is_vectorized, a.clock.data);
}

}  // namespace

void moving_average_four_values_per_thread(const MovingAverage<float>& a, StreamView stream) {
  move<256, 4, 4>(a, stream);
}

#ifndef __CUDACC__
void moving_average_chunk_per_thread(const MovingAverage<float>& a, StreamView stream) {
  move<1, 16384, 64>(a, stream);
}
#endif

}  // namespace duel
