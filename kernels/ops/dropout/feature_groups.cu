// A lane owns four neighbouring rows of a sample: one call of Philox where each is a feature, one for each channel that
// they are of otherwise. Memory and Philox's integer products decide.
#include <type_traits>

#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/dropout/feature_groups.cuh"
#include "kernels/ops/dropout/launchers.h"

namespace duel {
namespace {

// `input` and `output` may be the same memory: a thread reads a value before it writes it.
template <int kThreads, bool kByChannel>
__global__ void __launch_bounds__(kThreads) dropout_kernel(const __grid_constant__ Dropout<float> a) {
  begin_overlapping_kernel();
  using Groups = FeatureGroups<kThreads>;
  using Kept = std::conditional_t<kByChannel, typename Groups::KeptChannels, typename Groups::Kept>;
  const int rows = a.input.rows, columns = a.input.columns;
  Groups::for_each(rows, a.samples(), [&](int row, int sample, int count) {
    const int column = a.first_column + sample;
    const Kept kept(a.mask, row, column, count);
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      if (row + k >= rows) continue;
      const std::size_t begin = static_cast<std::size_t>(row + k) * columns + column;
      for (int i = 0; i < count; ++i) a.output.data[begin + i] = kept.value(k, i, a.input.data[begin + i]);
    }
  });
}

template <int kThreads>
void drop(const Dropout<float>& a, StreamView stream) {
  launch(
      stream,
      {.grid = FeatureGroups<kThreads>::grid(a.input.rows, a.samples()), .block = kThreads, .overlaps_previous = true},
      a.mask.pixels > 1 ? dropout_kernel<kThreads, true> : dropout_kernel<kThreads, false>, a);
}

}  // namespace

void dropout_lanes(const Dropout<float>& a, StreamView stream) {
  drop<128>(a, stream);
}
#ifndef __CUDACC__
void dropout_one_thread(const Dropout<float>& a, StreamView stream) {
  drop<1>(a, stream);
}
#endif

}  // namespace duel
