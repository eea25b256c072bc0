// One block of weight_gradient: a tile of the weight, rows are outputs and columns inputs of the layer. The first block
// of every row of tiles updates the biases too.
#pragma once

#include "kernels/levels/row_lanes.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {

template <class Shape>
struct WeightGradientBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::depth_contiguous>;
  using Lanes = RowLanes<Shape::kThreads>;

  struct Shared {
    typename Product::Tiles tiles;
  };

  static __host__ __device__ unsigned blocks(const WeightGradient<float>& a) {
    if (!a.d_linear) return 0;
    return tiles_over(a.d_linear.rows, Shape::kRows) * tiles_over(a.input.rows, Shape::kColumns);
  }

  static __device__ __forceinline__ void run(const WeightGradient<float>& a, unsigned block, Shared& shared) {
    constexpr int kCount = Shape::kThreadColumns;
    const int out = a.d_linear.rows, in = a.input.rows;
    const unsigned across = tiles_over(in, Shape::kColumns);
    const int row0 = static_cast<int>(block / across) * Shape::kRows;
    const int column0 = static_cast<int>(block % across) * Shape::kColumns;
    const bool vectorized = is_vectorized(a.weight);
    const UpdateStep step = step_of(a.optimizer);
    const ParameterFetch<kCount> ahead(a.weight);
    const auto at = [&](int row, int column) { return static_cast<std::size_t>(row0 + row) * in + column0 + column; };
    const auto multiply = [&](auto update) {
      block_product<Product>(
          shared.tiles, extent_along_rows(a.d_linear), extent_along_rows(a.input), a.input.columns, row0, column0,
          [&](int row, int column, auto& sums) {
            const int valid = in - column0 - column;
            if (row0 + row < out && valid > 0) update(at(row, column), valid, sums);
          },
          [&](int row, int column) { ahead.row(at(row, column)); });
    };
    if constexpr (Shape::kThreads == 1) {  // the optimizer is chosen once, not for every row
      const auto keep = [&](std::size_t i, int valid, const auto& sums) {
        if (a.weight.gradient) store_row(a.weight.gradient.data + i, sums, valid, vectorized);
      };
      if (step.kind == step.kNone) multiply(keep);
      step.with([&](auto unit, const auto& unit_step) {
        multiply([&](std::size_t i, int valid, const auto& sums) {
          update_row<decltype(unit)>(a.weight.value, a.weight.state, i, valid, vectorized, sums, unit_step, step.limit);
          keep(i, valid, sums);
        });
      });
    } else {
      multiply([&](std::size_t i, int valid, const auto& sums) {
        update_parameter<kCount>(a.weight, i, valid, vectorized, sums, step);
      });
    }
    if (column0 == 0) update_biases(a, row0, step);
  }

 private:
  static __device__ __forceinline__ void update_biases(const WeightGradient<float>& a, int row0,
                                                       const UpdateStep& step) {
    const int out = a.d_linear.rows, batch = a.d_linear.columns, counted = batch - a.without_bias;
    const int first = row0 + Lanes::first_row(), end = row0 + Shape::kRows < out ? row0 + Shape::kRows : out;
    const auto gradient_of = [&](int row) {
      const float* d = a.d_linear.data + static_cast<std::size_t>(row) * batch;
      auto sum = Lanes::Row::filled(0.f);
      Lanes::for_each_piece(counted, [&](int c, int valid) { sum = sum + load_row<Lanes::kWidth>(d + c, valid); });
      return Lanes::sum(sum);
    };
    if constexpr (Lanes::kLanes == 1) {
      for (int row = first; row < end; ++row) update_parameter(a.bias, row, gradient_of(row), step);
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
      if (mine < kTurns && row < end) update_parameter(a.bias, row, gradient, step);
    }
  }
};

}  // namespace duel
