// One block of fused_gradient. Rows of the product are features of the layer below, columns samples. Below batch norm a
// block owns whole rows; else it owns a tile.
#pragma once

#include "kernels/levels/row_lanes.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/levels/stage.cuh"
#include "kernels/levels/update_parameter.cuh"
#include "kernels/ops/fused_gradient/fused_gradient.h"

namespace duel {

template <class Shape>
struct FusedGradientBlock {
  using Product = BlockProduct<Shape, Layout::extent_contiguous, Layout::extent_contiguous>;
  using Lanes = RowLanes<Shape::kThreads>;
  using Piece = typename Lanes::Row;

  using Shared = TilesAndStage<Product, Shape>;

  static __host__ __device__ unsigned blocks(const FusedGradient<float>& a) {
    if (!a.weight) return 0;
    const unsigned down = tiles_over(a.weight.columns, Shape::kRows);
    return a.normalized ? down : down * tiles_over(a.d_below.columns, Shape::kColumns);
  }

  static __device__ __forceinline__ void run(const FusedGradient<float>& a, unsigned block, Shared& shared) {
    if (a.normalized) {
      own_rows(a, static_cast<int>(block) * Shape::kRows, shared);
    } else {
      const unsigned across = tiles_over(a.d_below.columns, Shape::kColumns);
      own_tile(a, static_cast<int>(block / across) * Shape::kRows, static_cast<int>(block % across) * Shape::kColumns,
               shared);
    }
  }

 private:
  // The samples: those that take part begin at first_column.
  static __device__ __forceinline__ Operand samples(const FusedGradient<float>& a) {
    Operand operand = extent_along_columns(a.d_linear);
    operand.vectorized = operand.vectorized && a.first_column % 4 == 0;
    return operand;
  }

  static __device__ __forceinline__ void own_tile(const FusedGradient<float>& a, int row0, int column0,
                                                  Shared& shared) {
    constexpr int kCount = Shape::kThreadColumns;
    using Row = RegisterRow<kCount>;
    const int in = a.weight.columns, batch = a.d_below.columns;
    const bool vectorized = is_vectorized(a.d_below);
    block_product<Product>(
        shared.tiles, extent_along_columns(a.weight), samples(a), a.weight.rows, row0, a.first_column + column0,
        [&](int row, int column, auto& sums) {
          const int r = row0 + row, c = column0 + column, valid = batch - c;
          if (r >= in || valid <= 0) return;
          Row d = sums;
          if (a.factor) d = d * load_row<kCount>(a.factor.data + c, valid);
          const Row y = load_row<kCount>(
              a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column + c, valid);
          with_activation(a.below, a.slope, [&](auto f) {
            store_row(a.d_below.data + static_cast<std::size_t>(r) * batch + c, f.gradient(y, d), valid, vectorized);
          });
        });
  }

  static __device__ __forceinline__ void own_rows(const FusedGradient<float>& a, int row0, Shared& shared) {
    constexpr int kCount = Shape::kThreadColumns;
    const int in = a.weight.columns, batch = a.d_below.columns;
    const StagedRows rows = staged_rows<Shape>(shared.stage, a.d_below.data + static_cast<std::size_t>(row0) * batch,
                                               batch, is_vectorized(a.d_below));
    for (int column0 = 0; column0 < batch; column0 += Shape::kColumns) {
      block_product<Product>(shared.tiles, extent_along_columns(a.weight), samples(a), a.weight.rows, row0,
                             a.first_column + column0, [&](int row, int column, auto& sums) {
                               const int c = column0 + column, valid = batch - c;
                               if (row0 + row >= in || valid <= 0) return;
                               RegisterRow<kCount> d = sums;
                               if (a.factor) d = d * load_row<kCount>(a.factor.data + c, valid);
                               store_row(rows.at(row, c), d, valid, rows.vectorized);
                             });
      __syncthreads();  // the rows are there for the whole block, and the tiles may be loaded anew
    }
    const Optimizer::Step<float> step = step_of(a.optimizer);
    for (int row = Lanes::first_row(); row < Shape::kRows; row += Lanes::kRowsAtATime) {
      if (row0 + row < in) through_batch_norm(a, row0 + row, rows.at(row, 0), step);
    }
  }

  // With dZ = dY lrelu'(a):  dbeta = sum dZ,  dgamma = sum dZ x̂,
  // dA = gamma inverse_deviation (dZ - dbeta / B - x̂ dgamma / B).
  static __device__ __forceinline__ void through_batch_norm(const FusedGradient<float>& a, int r, const float* d_output,
                                                            const Optimizer::Step<float>& step) {
    const int batch = a.d_below.columns;
    const float* const y = a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column;
    const float* const normalized = a.normalized.data + static_cast<std::size_t>(r) * batch;
    const auto d_z = [&](int c, int valid) {
      return leaky(load_row<Lanes::kWidth>(y + c, valid), load_row<Lanes::kWidth>(d_output + c, valid), a.slope);
    };
    Piece sum = Piece::filled(0.f), product_sum = Piece::filled(0.f);
    Lanes::for_each_piece(batch, [&](int c, int valid) {
      const Piece dz = d_z(c, valid);
      sum = sum + dz;
      product_sum = product_sum + dz * load_row<Lanes::kWidth>(normalized + c, valid);
    });
    const float scale = a.gamma.value.data[r] * a.inverse_deviation.data[r];
    const float d_beta = Lanes::sum(sum), d_gamma = Lanes::sum(product_sum);
    const float share = 1.f / static_cast<float>(batch);
    const Piece mean_beta = Piece::filled(d_beta * share), mean_gamma = Piece::filled(d_gamma * share);
    Lanes::for_each_piece(batch, [&](int c, int valid) {
      const Piece x = load_row<Lanes::kWidth>(normalized + c, valid);
      const Piece da = (d_z(c, valid) - mean_beta - x * mean_gamma) * scale;
      store_row(a.d_below.data + static_cast<std::size_t>(r) * batch + c, da, valid, false);
    });
    Lanes::meet();
    if constexpr (Lanes::kLanes == 1) {
      update_parameter(a.gamma, r, d_gamma, step);
      update_parameter(a.beta, r, d_beta, step);
    } else {  // two lanes side by side
      const bool is_gamma = Lanes::is_first_lane();
      if (threadIdx.x % Lanes::kLanes < 2)
        update_parameter(is_gamma ? a.gamma : a.beta, r, is_gamma ? d_gamma : d_beta, step);
    }
  }
};

}  // namespace duel
