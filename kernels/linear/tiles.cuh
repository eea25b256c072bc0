// A product by tiles, with a functor on its rows of sums (bias, activation) before they are stored. A block owns a tile
// of the result; it reads its rows of one operand and its columns of the other once each.
#pragma once

#include "kernels/linear/product.h"
#include "kernels/linear/shapes.cuh"
#include "kernels/runtime/launch.h"

namespace duel {

template <class Shape, Layout kLayoutA, Layout kLayoutB, class Accumulate, class Epilogue>
__global__ void __launch_bounds__(Shape::kThreads)
    tile_product_kernel(Operand a, Operand b, int depth, float* __restrict__ result, bool vectorized,
                        Epilogue epilogue) {
  using Tile = TileProduct<Shape, kLayoutA, kLayoutB, Accumulate>;
  __shared__ typename Tile::Tiles tiles;
  const int row0 = blockIdx.y * Shape::kRows, column0 = blockIdx.x * Shape::kColumns;
  Tile tile;
  tile.run(tiles, a, b, depth, row0, column0);
  tile.for_each_row([&](int row, int column, auto& sums) {
    const int r = row0 + row, c = column0 + column, valid = b.extent - c;
    if (r >= a.extent || valid <= 0) return;
    store_row(result + static_cast<std::size_t>(r) * b.extent + c, epilogue(sums, c, valid), valid, vectorized);
  });
}

/// The epilogue that changes nothing.
struct StoreSums {
  template <class Row>
  __device__ __forceinline__ const Row& operator()(const Row& sums, int, int) const {
    return sums;
  }
};

/// epilogue(sums, column, valid) is given the sums of columns `column` and behind, `valid` of them within the result,
/// and returns what to store. The layouts are those of the product: transposed or not.
template <class Shape, Layout kLayoutA, Layout kLayoutB, class Accumulate = AddProducts, class Epilogue>
void launch_tile_product(const Product& product, const Epilogue& epilogue, StreamView stream) {
  const Matrix<float>& result = product.result;
  const Operand a{product.a.data, result.rows, rows_are_vectorized(product.a.data, product.a.columns)};
  const Operand b{product.b.data, result.columns, rows_are_vectorized(product.b.data, product.b.columns)};
  const dim3 grid(blocks_for(result.columns, Shape::kColumns), blocks_for(result.rows, Shape::kRows));
  launch(stream, {grid, Shape::kThreads}, tile_product_kernel<Shape, kLayoutA, kLayoutB, Accumulate, Epilogue>, a, b,
         product.depth(), result.data, rows_are_vectorized(result.data, result.columns), epilogue);
}

/// output [batch, out] = f(input [batch, in] * weightᵀ), of weight [out, in].
template <class Shape, class Epilogue>
void launch_linear_forward(Matrix<const float> input, Matrix<const float> weight, Matrix<float> output,
                           const Epilogue& epilogue, StreamView stream) {
  launch_tile_product<Shape, Layout::depth_contiguous, Layout::depth_contiguous>(output_product(input, weight, output),
                                                                                 epilogue, stream);
}

}  // namespace duel
