// y = f(x Wᵀ) of a linear layer, f a functor on rows of sums (bias, activation). A block owns a tile of y; it reads
// its rows of x and its rows of W once each.
#pragma once

#include "kernels/linear/shapes.cuh"
#include "kernels/runtime/launch.h"
#include "kernels/runtime/view.h"

namespace duel {

template <class Shape, class Epilogue>
__global__ void __launch_bounds__(Shape::kThreads)
    linear_forward_kernel(Operand input, Operand weight, int depth, float* __restrict__ output, bool vectorized,
                          Epilogue epilogue) {
  using Product = TileProduct<Shape, Layout::depth_contiguous, Layout::depth_contiguous>;
  __shared__ typename Product::Tiles tiles;
  const int row0 = blockIdx.y * Shape::kRows, column0 = blockIdx.x * Shape::kColumns;
  Product product;
  product.run(tiles, input, weight, depth, row0, column0);
  product.for_each_row([&](int row, int column, auto& sums) {
    const int r = row0 + row, c = column0 + column, valid = weight.extent - c;
    if (r >= input.extent || valid <= 0) return;
    store_row(output + static_cast<std::size_t>(r) * weight.extent + c, epilogue(sums, c, valid), valid, vectorized);
  });
}

/// input [batch, in], weight [out, in], output [batch, out].
template <class Shape, class Epilogue>
void launch_linear_forward(Matrix<const float> input, Matrix<const float> weight, Matrix<float> output,
                           const Epilogue& epilogue, StreamView stream) {
  const Operand a{input.data, input.rows, rows_are_vectorized(input.data, input.columns)};
  const Operand b{weight.data, weight.rows, rows_are_vectorized(weight.data, weight.columns)};
  const dim3 grid(blocks_for(output.columns, Shape::kColumns), blocks_for(output.rows, Shape::kRows));
  launch(stream, {grid, Shape::kThreads}, linear_forward_kernel<Shape, Epilogue>, a, b, input.columns, output.data,
         rows_are_vectorized(output.data, output.columns), epilogue);
}

}  // namespace duel
