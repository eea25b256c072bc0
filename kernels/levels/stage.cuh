// Where a block that owns rows keeps the products until the whole rows are there: in shared memory if they fit.
#pragma once

#include "kernels/device/register_row.cuh"

namespace duel {

template <class Shape>
struct Stage {
  alignas(64) float value[Shape::kRows][Shape::kColumns];
};

/// What a block that keeps rows needs of shared memory. A product that leaves its tiles leaves their place to the rows:
/// they are kept only where a block has a single tile of columns.
template <class Product, class Shape>
struct TilesAndStage {
  typename Product::Tiles tiles;
  Stage<Shape> stage;
};
template <class Product, class Shape>
requires Product::kLeavesTiles struct TilesAndStage<Product, Shape> {
  union {
    typename Product::Tiles tiles;
    Stage<Shape> stage;
  };
};

/// Rows of `columns` values: staged ones, or those of a tensor that is written anyway.
struct StagedRows {
  float* data;
  int columns, stride;
  bool vectorized;

  __device__ __forceinline__ float* at(int row, int column) const {
    return data + static_cast<std::size_t>(row) * stride + column;
  }
};

/// `tensor`: the block's first row in a tensor with rows of `columns` values.
template <class Shape>
__device__ __forceinline__ StagedRows staged_rows(Stage<Shape>& stage, float* tensor, int columns, bool vectorized) {
  if (columns <= Shape::kColumns) return {&stage.value[0][0], columns, Shape::kColumns, true};
  return {tensor, columns, columns, vectorized};
}

}  // namespace duel
