// One block of fused_update: a tile of the weight, rows are outputs and columns inputs of the layer. The first block of
// every row of tiles updates the biases too.
#pragma once

#include "kernels/fused_gradient/block.cuh"
#include "kernels/fused_update/fused_update.h"

namespace duel {

template <class Shape>
struct FusedUpdateBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::depth_contiguous>;
  using Lanes = RowLanes<Shape::kThreads>;

  struct Shared {
    typename Product::Tiles tiles;
  };

  static __host__ __device__ unsigned blocks(const FusedUpdate<float>& a) {
    if (!a.d_linear) return 0;
    return tiles_over(a.weight.value.rows, Shape::kRows) * tiles_over(a.weight.value.columns, Shape::kColumns);
  }

  static __device__ __forceinline__ void run(const FusedUpdate<float>& a, unsigned block, Shared& shared) {
    constexpr int kCount = Shape::kThreadColumns;
    using Row = RegisterRow<kCount>;
    const int out = a.weight.value.rows, in = a.weight.value.columns;
    const unsigned across = tiles_over(in, Shape::kColumns);
    const int row0 = static_cast<int>(block / across) * Shape::kRows;
    const int column0 = static_cast<int>(block % across) * Shape::kColumns;
    const bool vectorized = is_vectorized(a.weight.value) && is_vectorized(a.weight.first_moment) &&
                            is_vectorized(a.weight.second_moment) &&
                            (!a.weight.gradient || is_vectorized(a.weight.gradient));
    const FusedAdamStep step = adam_step_of(a.adam);
    const auto at = [&](int row, int column) { return static_cast<std::size_t>(row0 + row) * in + column0 + column; };
    block_product<Product>(
        shared.tiles, extent_along_rows(a.d_linear), extent_along_rows(a.input), a.input.columns, row0, column0,
        [&](int row, int column, auto& sums) {
          const int valid = in - column0 - column;
          if (row0 + row >= out || valid <= 0) return;
          const std::size_t i = at(row, column);
          Row p = load_aligned_row<kCount>(a.weight.value.data + i, valid, vectorized);
          Row m = load_aligned_row<kCount>(a.weight.first_moment.data + i, valid, vectorized);
          Row v = load_aligned_row<kCount>(a.weight.second_moment.data + i, valid, vectorized);
          adam_update(p, m, v, sums, step.coefficients, step.step_size, step.root);
          store_row(a.weight.value.data + i, p, valid, vectorized);
          store_row(a.weight.first_moment.data + i, m, valid, vectorized);
          store_row(a.weight.second_moment.data + i, v, valid, vectorized);
          if (a.weight.gradient) store_row(a.weight.gradient.data + i, sums, valid, vectorized);
        },
        [&](int row, int column) {
          const std::size_t i = at(row, column);
          fetch_row<kCount>(a.weight.value.data + i);
          fetch_row<kCount>(a.weight.first_moment.data + i);
          fetch_row<kCount>(a.weight.second_moment.data + i);
        });
    if (column0 == 0) update_biases(a, row0, step);
  }

 private:
  static __device__ __forceinline__ void update_biases(const FusedUpdate<float>& a, int row0,
                                                       const FusedAdamStep& step) {
    const int out = a.d_linear.rows, batch = a.d_linear.columns;
    const int first = row0 + Lanes::first_row(), end = row0 + Shape::kRows < out ? row0 + Shape::kRows : out;
    const auto gradient_of = [&](int row) {
      const float* d = a.d_linear.data + static_cast<std::size_t>(row) * batch;
      auto sum = Lanes::Row::filled(0.f);
      Lanes::for_each_piece(batch, [&](int c, int valid) { sum = sum + load_row<Lanes::kWidth>(d + c, valid); });
      return Lanes::sum(sum);
    };
    if constexpr (Lanes::kLanes == 1) {
      for (int row = first; row < end; ++row) update_one(a.bias, row, gradient_of(row), step);
    } else {  // each row of a warp is updated by another lane: all at once, not one after another
      constexpr int kTurns = (Shape::kRows + Lanes::kRowsAtATime - 1) / Lanes::kRowsAtATime;
      static_assert(kTurns <= Lanes::kLanes);
      const int mine = threadIdx.x % Lanes::kLanes;
      float gradient = 0.f;
#pragma unroll
      for (int turn = 0; turn < kTurns; ++turn) {
        const int row = first + turn * Lanes::kRowsAtATime;
        if (row >= end) break;
        const float sum = gradient_of(row);
        if (turn == mine) gradient = sum;
      }
      const int row = first + mine * Lanes::kRowsAtATime;
      if (mine < kTurns && row < end) update_one(a.bias, row, gradient, step);
    }
  }
};

}  // namespace duel
