// The tiles of a product, with (a - b)² in the place of a * b: a block owns a tile of distances and reads its rows of
// both matrices once each. The zeros beyond the depth add (0 - 0)².
#include "kernels/levels/block_product.cuh"
#include "kernels/ops/squared_distances/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads)
    squared_distances_kernel(const __grid_constant__ SquaredDistances<float> arguments) {
  using Tile = TileProduct<Shape, Layout::depth_contiguous, Layout::depth_contiguous, AddSquaredDifferences>;
  __shared__ typename Tile::Tiles tiles;
  const Matrix<float>& distances = arguments.distances;
  const Operand a = extent_along_rows(arguments.a), b = extent_along_rows(arguments.b);
  const int row0 = blockIdx.y * Shape::kRows, column0 = blockIdx.x * Shape::kColumns;
  const bool vectorized = is_vectorized(distances);
  Tile tile;
  tile.run(tiles, a, b, arguments.a.columns, row0, column0);
  tile.for_each_row([&](int row, int column, auto& sums) {
    const int r = row0 + row, c = column0 + column, valid = b.extent - c;
    if (r >= a.extent || valid <= 0) return;
    store_row(distances.data + static_cast<std::size_t>(r) * b.extent + c, sums, valid, vectorized);
  });
}

template <class Shape>
void distances(const SquaredDistances<float>& a, StreamView stream) {
  const dim3 grid(blocks_for(a.distances.columns, Shape::kColumns), blocks_for(a.distances.rows, Shape::kRows));
  launch(stream, {grid, Shape::kThreads}, squared_distances_kernel<Shape>, a);
}

}  // namespace

// 256 threads, a 64 x 64 tile, 4 x 4 per thread.
void squared_distances_tiles(const SquaredDistances<float>& a, StreamView stream) {
  distances<TileShape<64, 64, 16, 4, 4, 256, 2>>(a, stream);
}

#ifndef __CUDACC__
void squared_distances_one_thread(const SquaredDistances<float>& a, StreamView stream) {
  constexpr int kRows = kHostLanes == 16 ? 8 : 4;  // accumulators that fit the vector registers
  distances<TileShape<64, 64, 64, kRows, 2 * kHostLanes, 1, 1>>(a, stream);
}
#endif

}  // namespace duel
