// A lane owns a sample, so that rows are written coalesced. The launch's time decides: there are few values.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/class_rows/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kSamples = 32;  // of a block
constexpr int kThreadsOfABlock = 128;

__device__ __forceinline__ void fill(const Matrix<float>& rows, int first_row, int rows_at_a_time, int column,
                                     int label) {
#pragma unroll 1
  for (int row = first_row; row < rows.rows; row += rows_at_a_time) {
    rows.data[static_cast<std::size_t>(row) * rows.columns + column] = row == label ? 1.f : 0.f;
  }
}

// kThreads: a multiple of kSamples, or 1.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) class_rows_kernel(const __grid_constant__ ClassRows<float> a) {
  begin_overlapping_kernel();
  constexpr int kLanes = kThreads == 1 ? 1 : kSamples, kGroups = kThreads / kLanes;
  const int first = static_cast<int>(blockIdx.x) * kSamples, group = threadIdx.x / kLanes;
  for (int c = first + threadIdx.x % kLanes; c < first + kSamples; c += kLanes) {
    if (a.discriminator && c < a.discriminator.columns) fill(a.discriminator, group, kGroups, c, a.label(c));
    if (a.generator && c < a.generator.columns) fill(a.generator, group, kGroups, c, a.generated_labels.data[c]);
  }
}

template <int kThreads>
void launch_columns(const ClassRows<float>& a, StreamView stream) {
  const int of_d = a.discriminator ? a.discriminator.columns : 0, of_g = a.generator ? a.generator.columns : 0;
  launch(stream,
         {.grid = blocks_for(of_d > of_g ? of_d : of_g, kSamples), .block = kThreads, .overlaps_previous = true},
         class_rows_kernel<kThreads>, a);
}

}  // namespace

void class_rows_lanes(const ClassRows<float>& a, StreamView stream) {
  launch_columns<kThreadsOfABlock>(a, stream);
}
#ifndef __CUDACC__
void class_rows_one_thread(const ClassRows<float>& a, StreamView stream) {
  launch_columns<1>(a, stream);
}
#endif

}  // namespace duel
