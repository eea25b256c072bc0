// A lane owns a sample, so that rows are written coalesced. Of few values the launch's time decides, of planes memory.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/class_rows/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kSamples = 32, kRows = 256;  // of a block
constexpr int kThreadsOfABlock = 128;

// The block's rows of a column, from first_row on. `pixels`: rows of a class.
__device__ __forceinline__ void fill(const Matrix<float>& rows, int first_row, int rows_at_a_time, int column,
                                     int label, int pixels) {
  const int end = static_cast<int>(blockIdx.x + 1) * kRows, first_one = label * pixels;
#pragma unroll 1
  for (int row = first_row; row < end && row < rows.rows; row += rows_at_a_time) {
    const bool is_one = row >= first_one && row - first_one < pixels;
    rows.data[static_cast<std::size_t>(row) * rows.columns + column] = is_one ? 1.f : 0.f;
  }
}

// kThreads: a multiple of kSamples, or 1.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) class_rows_kernel(const __grid_constant__ ClassRows<float> a) {
  begin_overlapping_kernel();
  constexpr int kLanes = kThreads == 1 ? 1 : kSamples, kGroups = kThreads / kLanes;
  const int first = static_cast<int>(blockIdx.y) * kSamples;
  const int row = static_cast<int>(blockIdx.x) * kRows + threadIdx.x / kLanes;
  for (int c = first + threadIdx.x % kLanes; c < first + kSamples; c += kLanes) {
    if (a.discriminator && c < a.discriminator.columns) fill(a.discriminator, row, kGroups, c, a.label(c), a.pixels);
    if (a.generator && c < a.generator.columns) fill(a.generator, row, kGroups, c, a.generated_labels.data[c], 1);
  }
}

template <int kThreads>
void launch_columns(const ClassRows<float>& a, StreamView stream) {
  const auto larger = [](int x, int y) { return x > y ? x : y; };
  const Matrix<float>&d = a.discriminator, &g = a.generator;  // absent: no rows and columns
  launch(stream,
         {.grid = dim3(blocks_for(larger(d.rows, g.rows), kRows), blocks_for(larger(d.columns, g.columns), kSamples)),
          .block = kThreads,
          .overlaps_previous = true},
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
