// The product of one block under one spelling for all kinds of tiles and devices: tiles in shared memory where threads
// share the work, operands in place where a thread is alone.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/device/staged_product.cuh"
#include "kernels/device/tile_product.cuh"
#include "kernels/runtime/view.h"
#ifndef __CUDACC__
#include "kernels/device/direct_product.cuh"
#endif

namespace duel {

/// The product that computes with tiles of a shape.
template <class Shape, Layout kLayoutA, Layout kLayoutB>
struct ProductOf {
#ifdef __CUDACC__
  using Type = TileProduct<Shape, kLayoutA, kLayoutB>;
#else
  using Type = std::conditional_t<Shape::kThreads == 1, DirectProduct<Shape, kLayoutA, kLayoutB>,
                                  TileProduct<Shape, kLayoutA, kLayoutB> >;
#endif
};
template <class Arithmetic, int... kNumbers, Layout kLayoutA, Layout kLayoutB>
struct ProductOf<SplitDepthShape<Arithmetic, kNumbers...>, kLayoutA, kLayoutB> {
  using Type = StagedProduct<SplitDepthShape<Arithmetic, kNumbers...>, kLayoutA, kLayoutB>;
};
template <class Shape, Layout kLayoutA, Layout kLayoutB>
using BlockProduct = typename ProductOf<Shape, kLayoutA, kLayoutB>::Type;

struct NothingToFetch {
  __device__ void operator()(int, int) const {}
};

/// Computes the block's tile at (row0, column0) and calls f(row, column, values) for each row of the threads' register
/// tiles, once; row and column are the block's own. Every thread of the block must call it; no barrier at the end.
/// fetch(row, column) comes before f where a thread is alone with its caches: DirectProduct::run.
template <class Product, class OperandA, class OperandB, class Function, class Fetch = NothingToFetch>
__device__ __forceinline__ void block_product(typename Product::Tiles& tiles, const OperandA& a, const OperandB& b,
                                              int depth, int row0, int column0, Function f, Fetch fetch = {}) {
  Product product;
#ifndef __CUDACC__
  if constexpr (requires { product.run(tiles, a, b, depth, row0, column0, f, fetch); }) {
    product.run(tiles, a, b, depth, row0, column0, f, fetch);
    return;
  } else
#endif
  {
    product.run(tiles, a, b, depth, row0, column0);
    product.for_each_row(f);
  }
}

/// Whether all rows of a matrix start at multiples of 16 bytes.
template <class T>
__host__ __device__ __forceinline__ bool is_vectorized(const View<T, 2>& matrix) {
  return reinterpret_cast<std::uintptr_t>(matrix.data) % 16 == 0 && matrix.columns % 4 == 0;
}

/// The matrix as the operand whose extent runs along its rows in memory, or along its columns.
/// `first_column`: where all pieces begin a multiple of 4 after.
__host__ __device__ __forceinline__ Operand extent_along_columns(const Matrix<const float>& matrix,
                                                                 int first_column = 0) {
  return {matrix.data, matrix.columns, is_vectorized(matrix) && first_column % 4 == 0};
}
__host__ __device__ __forceinline__ Operand extent_along_rows(const Matrix<const float>& matrix) {
  return {matrix.data, matrix.rows, is_vectorized(matrix)};
}

}  // namespace duel
