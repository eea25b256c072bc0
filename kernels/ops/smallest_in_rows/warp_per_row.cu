// A warp owns a row: each lane keeps the smallest of every 32nd value, then the lanes' firsts compete k times. A thread
// of the CPU device owns rows by itself, and looks at single values only where a run of them holds one that is small.
#include "kernels/device/register_row.cuh"
#include "kernels/ops/smallest_in_rows/candidates.cuh"
#include "kernels/ops/smallest_in_rows/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kThreads = 256, kRowsPerBlock = kThreads / 32;

__global__ void __launch_bounds__(kThreads)
    smallest_warp_kernel(const float* __restrict__ values, int rows, int columns, int first_column,
                         float* __restrict__ smallest, std::int32_t* __restrict__ places, int k) {
  const int row = blockIdx.x * kRowsPerBlock + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (row >= rows) return;  // the whole warp
  const float* from = values + static_cast<std::size_t>(row) * columns;
  const std::size_t mine = static_cast<std::size_t>(row) * k + lane;
  auto best = Candidates<kMostSmallest>::none();
  if (lane < k) best.entry[0] = {smallest[mine], places[mine]};
  for (int c = lane; c < columns; c += 32) best.insert({from[c], first_column + c});
  for (int rank = 0; rank < k; ++rank) {
    Candidate least = best.entry[0];
#pragma unroll
    for (int offset = 16; offset > 0; offset /= 2) {
      const Candidate other{__shfl_xor_sync(0xffffffffu, least.value, offset),
                            __shfl_xor_sync(0xffffffffu, least.place, offset)};
      if (comes_before(other, least)) least = other;
    }
    if (best.entry[0].place == least.place) best.drop_first();  // one lane has that column, or all have run out
    if (lane == rank) {
      smallest[mine] = least.value;
      places[mine] = least.place;
    }
  }
}

#ifndef __CUDACC__
constexpr int kRowsPerThread = 16, kRun = 256;

__global__ void smallest_thread_kernel(const float* __restrict__ values, int rows, int columns, int first_column,
                                       float* __restrict__ smallest, std::int32_t* __restrict__ places, int k) {
  const int begin = blockIdx.x * kRowsPerThread, end = min(begin + kRowsPerThread, rows);
  for (int row = begin; row < end; ++row) {
    const float* from = values + static_cast<std::size_t>(row) * columns;
    const std::size_t first = static_cast<std::size_t>(row) * k;
    auto best = Candidates<kMostSmallest>::none();
    for (int i = 0; i < k; ++i) best.insert({smallest[first + i], places[first + i]});
    for (int c0 = 0; c0 < columns; c0 += kRun) {
      const int valid = min(kRun, columns - c0);
      if (valid == kRun && least_of_run<kRun>(from + c0) > best.entry[k - 1].value) continue;
      for (int c = c0; c < c0 + valid; ++c) {
        if (from[c] <= best.entry[k - 1].value) best.insert({from[c], first_column + c});
      }
    }
    for (int i = 0; i < k; ++i) {
      smallest[first + i] = best.entry[i].value;
      places[first + i] = best.entry[i].place;
    }
  }
}
#endif

}  // namespace

void smallest_in_rows_warp_per_row(const SmallestInRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kRowsPerBlock), kThreads}, smallest_warp_kernel, a.values.data,
         a.values.rows, a.values.columns, a.first_column, a.smallest.data, a.places.data, a.smallest.columns);
}

#ifndef __CUDACC__
void smallest_in_rows_thread_per_row(const SmallestInRows<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.values.rows, kRowsPerThread), 1}, smallest_thread_kernel, a.values.data, a.values.rows,
         a.values.columns, a.first_column, a.smallest.data, a.places.data, a.smallest.columns);
}
#endif

}  // namespace duel
