// SGD over one flat array of all parameters of a network: read p, v, g, write p, v, 20 bytes a parameter; memory
// bandwidth decides. One thread first advances the step counter and computes both rates in double.
#include <cstdint>

#include "kernels/device/register_row.cuh"
#include "kernels/runtime/launch.h"
#include "kernels/sgd_momentum/launchers.h"

namespace duel {
namespace {

__global__ void __launch_bounds__(1)
    sgd_advance_kernel(SgdProgress* progress, SgdSchedule schedule, const TrainingClock* __restrict__ clock) {
  const std::int64_t before = progress->step;
  const double rate = schedule.learning_rate / pow(schedule.decay, static_cast<double>(before));
  const double least = schedule.learning_rate < schedule.least_rate ? schedule.learning_rate : schedule.least_rate;
  const double epochs = schedule.momentum_epochs - 1, epoch = static_cast<double>(clock->epoch);
  const double share = epoch < epochs ? epoch / epochs : 1.0;
  progress->step = before + 1;
  progress->learning_rate = rate < least ? least : rate;
  progress->momentum = schedule.initial_momentum + (schedule.final_momentum - schedule.initial_momentum) * share;
}

// A thread owns kRows rows of kWidth neighbouring values each.
template <int kThreads, int kWidth, int kRows>
__global__ void __launch_bounds__(kThreads)
    sgd_update_kernel(float* __restrict__ p, float* __restrict__ v, const float* __restrict__ g, std::size_t count,
                      bool vectorized, const SgdProgress* __restrict__ progress) {
  const float rate = static_cast<float>(progress->learning_rate), momentum = static_cast<float>(progress->momentum);
  const std::size_t begin = (static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x) * kWidth * kRows;
  for (std::size_t at = begin; at < begin + kWidth * kRows && at < count; at += kWidth) {
    const int valid = count - at < kWidth ? static_cast<int>(count - at) : kWidth;
    const auto row = [&](const float* from) { return load_aligned_row<kWidth>(from + at, valid, vectorized); };
    const auto velocity = row(v) * momentum - row(g) * rate;
    store_row(v + at, velocity, valid, vectorized);
    store_row(p + at, row(p) + velocity, valid, vectorized);
  }
}

template <int kThreads, int kWidth, int kRows>
void update(const SgdMomentum<float>& a, StreamView stream) {
  const auto address = [](const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); };
  const bool vectorized = (address(a.parameter.data) | address(a.velocity.data) | address(a.gradient.data)) % 16 == 0;
  launch(stream, {1, 1}, sgd_advance_kernel, a.progress.data, a.schedule, a.clock.data);
  launch(stream, {blocks_for(a.parameter.size(), kThreads * kWidth * kRows), kThreads},
         sgd_update_kernel<kThreads, kWidth, kRows>, a.parameter.data, a.velocity.data, a.gradient.data,
         a.parameter.size(), vectorized, a.progress.data);
}

}  // namespace

void sgd_momentum_four_values(const SgdMomentum<float>& a, StreamView stream) {
  update<256, 4, 1>(a, stream);
}
#ifndef __CUDACC__
void sgd_momentum_chunk_per_thread(const SgdMomentum<float>& a, StreamView stream) {
  update<1, 64, 256>(a, stream);
}
#endif

}  // namespace duel
