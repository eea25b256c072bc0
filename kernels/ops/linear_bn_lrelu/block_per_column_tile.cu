// Linear + BatchNorm + LeakyReLU. A block owns a tile of columns over all rows, so the batch's statistics need no
// second kernel: it writes the products a = x Wᵀ + b into `normalized`, takes mean and variance of its columns there
// (two passes: exact where the mean is large), and normalises in place. Wins while the batch has few row tiles (B <=
// 256); beyond that columns alone are too few blocks for a large GPU. Backward the same way: dgamma, dbeta, dA and db
// of its columns, then dW and dX.
#include "kernels/linear/gradients.h"
#include "kernels/linear/tiles.cuh"
#include "kernels/ops/linear_bn_lrelu/batch_norm.cuh"
#include "kernels/ops/linear_bn_lrelu/launchers.h"

namespace duel {
namespace {

template <class Shape>
__global__ void __launch_bounds__(Shape::kThreads)
    linear_bn_lrelu_forward_kernel(Operand input, Operand weight, int depth, bool vectorized, BatchNorm p) {
  using Tile = TileProduct<Shape, Layout::depth_contiguous, Layout::depth_contiguous>;
  using Sum = ColumnSum<Shape::kThreads, Shape::kColumns>;
  __shared__ typename Tile::Tiles tiles;
  __shared__ typename Sum::Partials partials;
  const int column0 = blockIdx.x * Shape::kColumns, columns = weight.extent;
  for (int row0 = 0; row0 < input.extent; row0 += Shape::kRows) {
    Tile tile;
    tile.run(tiles, input, weight, depth, row0, column0);
    tile.for_each_row([&](int row, int column, auto& sums) {
      constexpr int kCount = Shape::kThreadColumns;
      const int r = row0 + row, c = column0 + column, valid = columns - c;
      if (r >= input.extent || valid <= 0) return;
      store_row(p.normalized + static_cast<std::size_t>(r) * columns + c, sums + load_row<kCount>(p.bias + c, valid),
                valid, vectorized);
    });
    __syncthreads();  // the tiles may be loaded anew, and the products are there for the whole block
  }
  normalize_columns<Sum>(partials, p, input.extent, columns, column0);
}

template <class Shape>
void forward(const LinearBnLreluForward<float>& a, StreamView stream) {
  const BatchNorm p = batch_norm_of(a);
  if (a.statistics == BatchStatistics::running) {
    return launch_linear_forward<Shape>(a.input, a.weight, a.output, RunningBnLrelu{p}, stream);
  }
  const Operand input{a.input.data, a.input.rows, rows_are_vectorized(a.input.data, a.input.columns)};
  const Operand weight{a.weight.data, a.weight.rows, rows_are_vectorized(a.weight.data, a.weight.columns)};
  launch(stream, {blocks_for(a.output.columns, Shape::kColumns), Shape::kThreads},
         linear_bn_lrelu_forward_kernel<Shape>, input, weight, a.input.columns,
         rows_are_vectorized(a.normalized.data, a.normalized.columns), p);
}

template <int kThreads, int kColumns>
void backward(LaunchProduct launch_product, const LinearBnLreluBackward<float>& a, StreamView stream) {
  launch_bn_lrelu_backward<kThreads, kColumns>(a, stream);
  launch_linear_gradients(launch_product, a, stream);
}

}  // namespace

void linear_bn_lrelu_forward_tiles(const LinearBnLreluForward<float>& a, StreamView stream) {
  forward<GpuForwardShape>(a, stream);
}
void linear_bn_lrelu_backward_tiles(const LinearBnLreluBackward<float>& a, StreamView stream) {
  backward<256, 32>(launch_gpu_tiles, a, stream);
}

#ifndef __CUDACC__
void linear_bn_lrelu_forward_one_thread(const LinearBnLreluForward<float>& a, StreamView stream) {
  forward<CpuForwardShape>(a, stream);
}
void linear_bn_lrelu_backward_one_thread(const LinearBnLreluBackward<float>& a, StreamView stream) {
  backward<1, 64>(launch_one_thread_tiles, a, stream);
}
#endif

}  // namespace duel
