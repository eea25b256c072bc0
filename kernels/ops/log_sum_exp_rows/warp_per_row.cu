// A warp owns a row, on the CPU device a thread owns several: first the least value, then a pass over the values for
// every rate, which come from the caches.
#include "kernels/device/block_sum.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/ops/log_sum_exp_rows/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 256, kRowsPerBlock = kThreads / 32;

// What a sum relative to `before` is relative to `least`. Nothing was summed where `before` is infinite.
__device__ __forceinline__ float moved_sum(float sum, float rate, float before, float least) {
  return sum > 0.f ? sum * expf(-rate * (before - least)) : 0.f;
}

__global__ void __launch_bounds__(kThreads)
    log_sum_exp_warp_kernel(const float* __restrict__ values, int rows, int columns, const float* __restrict__ rates,
                            int scales, float* __restrict__ least_of_rows, float* __restrict__ sums) {
  const int row = blockIdx.x * kRowsPerBlock + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (row >= rows) return;  // the whole warp
  const float* from = values + static_cast<std::size_t>(row) * columns;
  const float before = least_of_rows[row];
  float least = before;
  for (int c = lane; c < columns; c += 32) least = fminf(least, from[c]);
#pragma unroll
  for (int offset = 16; offset > 0; offset /= 2) least = fminf(least, __shfl_xor_sync(0xffffffffu, least, offset));
  for (int s = 0; s < scales; ++s) {
    const float rate = rates[s];
    float sum = 0.f;
    for (int c = lane; c < columns; c += 32) sum += expf(-rate * (from[c] - least));
    sum = warp_sum(sum);
    float* const to = sums + static_cast<std::size_t>(row) * scales + s;
    if (lane == 0) *to = moved_sum(*to, rate, before, least) + sum;
  }
  __syncwarp();  // every lane has read the value before it: shuffles alone order no accesses to memory
  if (lane == 0) least_of_rows[row] = least;
}

#ifndef __CUDACC__
constexpr int kRowsPerThread = 4, kWidth = 32;

__global__ void log_sum_exp_thread_kernel(const float* __restrict__ values, int rows, int columns,
                                          const float* __restrict__ rates, int scales,
                                          float* __restrict__ least_of_rows, float* __restrict__ sums) {
  using Row = RegisterRow<kWidth>;
  const int begin = blockIdx.x * kRowsPerThread, end = min(begin + kRowsPerThread, rows);
  for (int row = begin; row < end; ++row) {
    const float* from = values + static_cast<std::size_t>(row) * columns;
    const float before = least_of_rows[row];
    float least = before;
    int c = 0;
    for (; c + kWidth <= columns; c += kWidth) least = min(least, least_of_run<kWidth>(from + c));
    for (; c < columns; ++c) least = min(least, from[c]);
    const Row shift = Row::filled(least);
    for (int s = 0; s < scales; ++s) {
      Row sum = Row::filled(0.f);
      for (c = 0; c < columns; c += kWidth) {
        const int valid = columns - c;
        const Row terms = exp_of_negative((load_row<kWidth>(from + c, valid) - shift) * -rates[s]);
        sum = sum + (valid < kWidth ? first_values(terms, valid) : terms);
      }
      float& to = sums[static_cast<std::size_t>(row) * scales + s];
      to = moved_sum(to, rates[s], before, least) + total(sum);
    }
    least_of_rows[row] = least;
  }
}
#endif

}  // namespace

void log_sum_exp_rows_warp_per_row(const LogSumExpRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kRowsPerBlock), kThreads}, log_sum_exp_warp_kernel, a.values.data,
         a.values.rows, a.values.columns, a.rates.data, a.rates.rows, a.least.data, a.sums.data);
}

#ifndef __CUDACC__
void log_sum_exp_rows_thread_per_row(const LogSumExpRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kRowsPerThread), 1}, log_sum_exp_thread_kernel, a.values.data,
         a.values.rows, a.values.columns, a.rates.data, a.rates.rows, a.least.data, a.sums.data);
}
#endif

}  // namespace duel
