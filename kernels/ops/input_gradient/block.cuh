// One block of input_gradient. Rows of the product are features of the layer below, columns samples. Below batch norm a
// block owns whole rows; else it owns a tile.
#pragma once

#include "kernels/levels/shapes.cuh"
#include "kernels/levels/stage.cuh"
#include "kernels/ops/input_gradient/finish.cuh"

namespace duel {

template <class Shape>
struct InputGradientBlock {
  using Product = BlockProduct<Shape, Layout::extent_contiguous, Layout::extent_contiguous>;
  using Lanes = RowLanes<Shape::kThreads>;

  using Shared = TilesAndStage<Product, Shape>;

  static __host__ __device__ unsigned blocks(const InputGradient<float>& a) {
    if (!a.weight) return 0;
    const unsigned down = tiles_over(a.in(), Shape::kRows);
    return a.normalized ? down : down * tiles_over(a.batch(), Shape::kColumns);
  }

  static __device__ __forceinline__ void run(const InputGradient<float>& a, unsigned block, Shared& shared) {
    if (a.normalized) {
      own_rows(a, static_cast<int>(block) * Shape::kRows, shared);
    } else {
      const unsigned across = tiles_over(a.batch(), Shape::kColumns);
      own_tile(a, static_cast<int>(block / across) * Shape::kRows, static_cast<int>(block % across) * Shape::kColumns,
               shared);
    }
  }

 private:
  // The samples: those that take part begin at first_column.
  static __device__ __forceinline__ Operand samples(const InputGradient<float>& a) {
    return extent_along_columns(a.d_linear, a.first_column);
  }

  static __device__ __forceinline__ void own_tile(const InputGradient<float>& a, int row0, int column0,
                                                  Shared& shared) {
    const int in = a.in(), batch = a.batch();
    const bool vectorized = is_vectorized(a.d_below) && a.below_column % 4 == 0;
    block_product<Product>(shared.tiles, extent_along_columns(a.weight), samples(a), a.weight.rows, row0,
                           a.first_column + column0, [&](int row, int column, auto& sums) {
                             const int r = row0 + row, c = column0 + column, valid = batch - c;
                             if (r >= in || valid <= 0) return;
                             finish_piece<Shape::kThreadColumns>(a, r, c, valid, vectorized, sums);
                           });
  }

  static __device__ __forceinline__ void own_rows(const InputGradient<float>& a, int row0, Shared& shared) {
    const int in = a.in(), batch = a.d_below.columns;
    const StagedRows rows = staged_rows<Shape>(shared.stage, a.d_below.data + static_cast<std::size_t>(row0) * batch,
                                               batch, is_vectorized(a.d_below));
    for (int column0 = 0; column0 < batch; column0 += Shape::kColumns) {
      block_product<Product>(shared.tiles, extent_along_columns(a.weight), samples(a), a.weight.rows, row0,
                             a.first_column + column0, [&](int row, int column, auto& sums) {
                               const int c = column0 + column, valid = batch - c;
                               if (row0 + row >= in || valid <= 0) return;
                               const auto d = times_factor<Shape::kThreadColumns>(a, c, valid, sums);
                               store_row(rows.at(row, c), d, valid, rows.vectorized);
                             });
      __syncthreads();  // the rows are there for the whole block, and the tiles may be loaded anew
    }
    const UpdateStep step = step_of(a.optimizer);
    for (int row = Lanes::first_row(); row < Shape::kRows; row += Lanes::kRowsAtATime) {
      if (row0 + row < in) through_batch_norm<Lanes>(a, row0 + row, rows.at(row, 0), step);
    }
  }
};

}  // namespace duel
