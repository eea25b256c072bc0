// dX = dA W and dW = dAᵀ X. A block owns a tile of the result; depth is `out` for dX and `batch` for dW.
#include "kernels/linear/gradients.h"

#include "kernels/linear/shapes.cuh"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

template <class Shape, Layout kLayoutA>
__global__ void __launch_bounds__(Shape::kThreads)
    product_kernel(Operand a, Operand b, int depth, float* __restrict__ result, bool vectorized) {
  using Product = TileProduct<Shape, kLayoutA, Layout::extent_contiguous>;
  __shared__ typename Product::Tiles tiles;
  const int row0 = blockIdx.y * Shape::kRows, column0 = blockIdx.x * Shape::kColumns;
  Product product;
  product.run(tiles, a, b, depth, row0, column0);
  product.for_each_row([&](int row, int column, auto& sums) {
    const int r = row0 + row, c = column0 + column, valid = b.extent - c;
    if (r >= a.extent || valid <= 0) return;
    store_row(result + static_cast<std::size_t>(r) * b.extent + c, sums, valid, vectorized);
  });
}

template <class Shape, Layout kLayoutA>
void launch_product(Matrix<const float> a, Matrix<const float> b, Matrix<float> result, StreamView stream) {
  const int depth = kLayoutA == Layout::depth_contiguous ? a.columns : a.rows;
  const Operand left{a.data, result.rows, rows_are_vectorized(a.data, a.columns)};
  const Operand right{b.data, result.columns, rows_are_vectorized(b.data, b.columns)};
  const dim3 grid(blocks_for(result.columns, Shape::kColumns), blocks_for(result.rows, Shape::kRows));
  launch(stream, {grid, Shape::kThreads}, product_kernel<Shape, kLayoutA>, left, right, depth, result.data,
         rows_are_vectorized(result.data, result.columns));
}

}  // namespace

void launch_input_gradient([[maybe_unused]] Tiling tiling, Matrix<const float> d_linear, Matrix<const float> weight,
                           Matrix<float> d_input, StreamView stream) {
#ifndef __CUDACC__
  if (tiling == Tiling::one_thread) {
    return launch_product<CpuForwardShape, Layout::depth_contiguous>(d_linear, weight, d_input, stream);
  }
#endif
  launch_product<GpuForwardShape, Layout::depth_contiguous>(d_linear, weight, d_input, stream);
}

void launch_weight_gradient([[maybe_unused]] Tiling tiling, Matrix<const float> d_linear, Matrix<const float> input,
                            Matrix<float> d_weight, StreamView stream) {
#ifndef __CUDACC__
  if (tiling == Tiling::one_thread) {
    return launch_product<CpuGradientShape, Layout::extent_contiguous>(d_linear, input, d_weight, stream);
  }
#endif
  launch_product<GpuGradientShape, Layout::extent_contiguous>(d_linear, input, d_weight, stream);
}

}  // namespace duel
