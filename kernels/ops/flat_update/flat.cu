// Parameters and states are read and written, gradients read: 28 bytes a parameter with Adam. Memory bandwidth decides.
#include <cstdint>
#include <tuple>

#include "kernels/ops/flat_update/launchers.h"
#include "kernels/optimizers/update_row.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

// A thread owns kRows rows of kWidth neighbouring values each.
template <int kThreads, int kWidth, int kRows, class Unit>
__global__ void __launch_bounds__(kThreads)
    flat_update_kernel(const __grid_constant__ FlatUpdate<float, Unit> a, std::size_t count, bool vectorized) {
  const auto step = a.optimizer.template step<float>(a.progress.data[0]);
  const std::size_t begin = (static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x) * kWidth * kRows;
  for (std::size_t at = begin; at < begin + kWidth * kRows && at < count; at += kWidth) {
    const int valid = count - at < kWidth ? static_cast<int>(count - at) : kWidth;
    const auto gradient = load_aligned_row<kWidth>(a.gradient.data + at, valid, vectorized);
    update_row<Unit>(a.parameter, a.state, at, valid, vectorized, gradient, step, a.limit);
  }
}

template <int kThreads, int kWidth, int kRows, class Unit>
void update(const FlatUpdate<float, Unit>& a, StreamView stream) {
  std::uintptr_t addresses = 0;
  const auto collect = [&](const auto& view) { addresses |= reinterpret_cast<std::uintptr_t>(view.data); };
  collect(a.parameter), collect(a.gradient);
  for (const auto& state : a.state) collect(state);
  launch(stream, {blocks_for(a.parameter.size(), kThreads * kWidth * kRows), kThreads},
         flat_update_kernel<kThreads, kWidth, kRows, Unit>, a, a.parameter.size(), addresses % 16 == 0);
}

// Compiles the variants for every optimizer.
template <class... Units>
auto variants_of(std::tuple<Units...>) {
#ifdef __CUDACC__
  return std::tuple{&flat_update_four_values_per_thread<Units>...};
#else
  return std::tuple{&flat_update_four_values_per_thread<Units>..., &flat_update_chunk_per_thread<Units>...};
#endif
}

}  // namespace

template <class Unit>
void flat_update_four_values_per_thread(const FlatUpdate<float, Unit>& a, StreamView stream) {
  update<256, 4, 1>(a, stream);
}
#ifndef __CUDACC__
template <class Unit>
void flat_update_chunk_per_thread(const FlatUpdate<float, Unit>& a, StreamView stream) {
  update<1, 64, 256>(a, stream);
}
#endif

[[maybe_unused]] extern const auto kFlatUpdateVariants = variants_of(Optimizers());

}  // namespace duel
