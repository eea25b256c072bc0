// A block turns a square tile over in shared memory, so that neighbouring threads read and write neighbouring values.
#include "kernels/ops/transpose/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kTile = 32;

template <int kThreads>
__global__ void __launch_bounds__(kThreads) transpose_kernel(const __grid_constant__ Transpose<float> a) {
  constexpr int kLanes = kThreads == 1 ? 1 : kTile, kGroups = kThreads / kLanes;
  __shared__ float tile[kTile][kTile + 1];  // one more: the lanes of a column lie in different banks
  const int rows = a.input.rows, columns = a.output.rows;
  const int row0 = static_cast<int>(blockIdx.y) * kTile, column0 = static_cast<int>(blockIdx.x) * kTile;
  const int here = rows - row0 < kTile ? rows - row0 : kTile;
  const int across = columns - column0 < kTile ? columns - column0 : kTile;
  const int lane = threadIdx.x % kLanes, group = threadIdx.x / kLanes;

  const float* const from = a.input.data + static_cast<std::size_t>(row0) * a.input.columns + a.first_column + column0;
  for (int r = group; r < here; r += kGroups) {
    for (int c = lane; c < across; c += kLanes) tile[r][c] = from[static_cast<std::size_t>(r) * a.input.columns + c];
  }
  __syncthreads();
  float* const to = a.output.data + static_cast<std::size_t>(column0) * rows + row0;
  for (int c = group; c < across; c += kGroups) {
    for (int r = lane; r < here; r += kLanes) to[static_cast<std::size_t>(c) * rows + r] = tile[r][c];
  }
}

template <int kThreads>
void launch_tiles(const Transpose<float>& a, StreamView stream) {
  const dim3 grid(blocks_for(static_cast<std::size_t>(a.output.rows), kTile),
                  blocks_for(static_cast<std::size_t>(a.input.rows), kTile));
  launch(stream, {grid, kThreads}, transpose_kernel<kThreads>, a);
}

}  // namespace

void transpose_shared_tiles(const Transpose<float>& a, StreamView stream) {
  launch_tiles<256>(a, stream);
}
#ifndef __CUDACC__
void transpose_one_thread(const Transpose<float>& a, StreamView stream) {
  launch_tiles<1>(a, stream);
}
#endif

}  // namespace duel
