// One block of linear_forward. Rows of the product are features, columns samples. With batch norm by the batch's
// statistics a block owns whole rows and so their statistics; else it owns a tile.
#pragma once

#include "kernels/levels/shapes.cuh"
#include "kernels/levels/stage.cuh"
#include "kernels/ops/linear_forward/finish.cuh"

namespace duel {

template <class Shape>
struct LinearForwardBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::extent_contiguous>;
  using Lanes = RowLanes<Shape::kThreads>;

  using Shared = TilesAndStage<Product, Shape>;

  static __host__ __device__ unsigned blocks(const LinearForward<float>& a) {
    const unsigned down = tiles_over(a.weight.rows, Shape::kRows);
    return owns_rows(a) ? down : down * tiles_over(a.input.columns, Shape::kColumns);
  }

  static __device__ __forceinline__ void run(const LinearForward<float>& a, unsigned block, Shared& shared) {
    if (owns_rows(a)) {
      own_rows(a, static_cast<int>(block) * Shape::kRows, shared);
    } else {
      const unsigned across = tiles_over(a.input.columns, Shape::kColumns);
      own_tile(a, static_cast<int>(block / across) * Shape::kRows, static_cast<int>(block % across) * Shape::kColumns,
               shared);
    }
  }

 private:
  static __device__ __forceinline__ void own_tile(const LinearForward<float>& a, int row0, int column0,
                                                  Shared& shared) {
    const int out = a.weight.rows, batch = a.input.columns;
    const bool vectorized = is_vectorized(a.output) && a.first_column % 4 == 0;
    const bool unit_vectorized = is_vectorized(a.unit_gradient);
    block_product<Product>(shared.tiles, extent_along_rows(a.weight), extent_along_columns(a.input), a.weight.columns,
                           row0, column0, [&](int row, int column, auto& sums) {
                             const int r = row0 + row, c = column0 + column, valid = batch - c;
                             if (r < out && valid > 0)
                               finish_piece<Shape::kThreadColumns>(a, r, c, valid, vectorized, unit_vectorized, sums);
                           });
  }

  static __device__ __forceinline__ void own_rows(const LinearForward<float>& a, int row0, Shared& shared) {
    const int out = a.weight.rows, batch = a.input.columns;
    const StagedRows rows = staged_rows<Shape>(shared.stage, a.normalized.data + static_cast<std::size_t>(row0) * batch,
                                               batch, is_vectorized(a.normalized));
    for (int column0 = 0; column0 < batch; column0 += Shape::kColumns) {
      block_product<Product>(shared.tiles, extent_along_rows(a.weight), extent_along_columns(a.input), a.weight.columns,
                             row0, column0, [&](int row, int column, auto& sums) {
                               const int r = row0 + row, c = column0 + column, valid = batch - c;
                               if (r >= out || valid <= 0) return;
                               const auto linear = sums + RegisterRow<Shape::kThreadColumns>::filled(a.bias.data[r]);
                               store_row(rows.at(row, c), linear, valid, rows.vectorized);
                             });
      __syncthreads();  // the rows are there for the whole block, and the tiles may be loaded anew
    }
    for (int row = Lanes::first_row(); row < Shape::kRows; row += Lanes::kRowsAtATime) {
      if (row0 + row < out) normalize_row<Lanes>(a, row0 + row, rows.at(row, 0));
    }
  }
};

}  // namespace duel
