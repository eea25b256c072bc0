// A warp owns a row; on the CPU device a thread owns several, and its compiler compares vectors.
#include "kernels/ops/count_in_rows/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 256, kRowsPerBlock = kThreads / 32;

__global__ void __launch_bounds__(kThreads)
    count_warp_kernel(const float* __restrict__ values, const float* __restrict__ limits, int rows, int columns,
                      std::int32_t* __restrict__ counts) {
  const int row = blockIdx.x * kRowsPerBlock + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (row >= rows) return;  // the whole warp
  const float* from = values + static_cast<std::size_t>(row) * columns;
  int count = 0;
  for (int c = lane; c < columns; c += 32) count += from[c] <= limits[c] ? 1 : 0;
#pragma unroll
  for (int offset = 16; offset > 0; offset /= 2) count += __shfl_xor_sync(0xffffffffu, count, offset);
  if (lane == 0) counts[row] += count;
}

#ifndef __CUDACC__
constexpr int kRowsPerThread = 16;

__global__ void count_thread_kernel(const float* __restrict__ values, const float* __restrict__ limits, int rows,
                                    int columns, std::int32_t* __restrict__ counts) {
  const int begin = blockIdx.x * kRowsPerThread, end = min(begin + kRowsPerThread, rows);
  for (int row = begin; row < end; ++row) {
    const float* from = values + static_cast<std::size_t>(row) * columns;
    int count = 0;
    for (int c = 0; c < columns; ++c) count += from[c] <= limits[c] ? 1 : 0;
    counts[row] += count;
  }
}
#endif

}  // namespace

void count_in_rows_warp_per_row(const CountInRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kRowsPerBlock), kThreads}, count_warp_kernel, a.values.data, a.limits.data,
         a.values.rows, a.values.columns, a.counts.data);
}

#ifndef __CUDACC__
void count_in_rows_thread_per_row(const CountInRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kRowsPerThread), 1}, count_thread_kernel, a.values.data, a.limits.data,
         a.values.rows, a.values.columns, a.counts.data);
}
#endif

}  // namespace duel
