// One block of fused_forward. Rows of the product are features, columns samples. With batch norm by the batch's
// statistics a block owns whole rows and so their statistics; else it owns a tile.
#pragma once

#include "kernels/device/vector_math.cuh"
#include "kernels/levels/row_lanes.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/levels/stage.cuh"
#include "kernels/ops/fused_forward/fused_forward.h"

namespace duel {

template <class Shape>
struct FusedForwardBlock {
  using Product = BlockProduct<Shape, Layout::depth_contiguous, Layout::extent_contiguous>;
  using Lanes = RowLanes<Shape::kThreads>;
  using Piece = typename Lanes::Row;

  using Shared = TilesAndStage<Product, Shape>;

  static __host__ __device__ unsigned blocks(const FusedForward<float>& a) {
    const unsigned down = tiles_over(a.weight.rows, Shape::kRows);
    return owns_rows(a) ? down : down * tiles_over(a.input.columns, Shape::kColumns);
  }

  static __device__ __forceinline__ void run(const FusedForward<float>& a, unsigned block, Shared& shared) {
    if (owns_rows(a)) {
      own_rows(a, static_cast<int>(block) * Shape::kRows, shared);
    } else {
      const unsigned across = tiles_over(a.input.columns, Shape::kColumns);
      own_tile(a, static_cast<int>(block / across) * Shape::kRows, static_cast<int>(block % across) * Shape::kColumns,
               shared);
    }
  }

 private:
  static __host__ __device__ __forceinline__ bool owns_rows(const FusedForward<float>& a) {
    return a.gamma && a.statistics == BatchStatistics::batch;
  }

  static __device__ __forceinline__ void own_tile(const FusedForward<float>& a, int row0, int column0, Shared& shared) {
    const int out = a.weight.rows, batch = a.input.columns;
    const bool vectorized = is_vectorized(a.output) && a.first_column % 4 == 0;
    const bool unit_vectorized = is_vectorized(a.unit_gradient);
    block_product<Product>(
        shared.tiles, extent_along_rows(a.weight), extent_along_columns(a.input), a.weight.columns, row0, column0,
        [&](int row, int column, auto& sums) {
          constexpr int kCount = Shape::kThreadColumns;
          const int r = row0 + row, c = column0 + column, valid = batch - c;
          if (r >= out || valid <= 0) return;
          auto linear = sums + RegisterRow<kCount>::filled(a.bias.data[r]);
          if (a.gamma) linear = normalized_by_running(a, r, linear);
          float* const to = a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column + c;
          with_activation(a.activation, a.slope, [&](auto f) {
            const auto y = f.value(linear);
            store_row(to, y, valid, vectorized);
            if (!a.head_weight) return;
            const auto unit = f.gradient(y, RegisterRow<kCount>::filled(a.head_weight.data[r]));
            store_row(a.unit_gradient.data + static_cast<std::size_t>(r) * batch + c, unit, valid, unit_vectorized);
          });
        });
  }

  template <class Row>
  static __device__ __forceinline__ Row normalized_by_running(const FusedForward<float>& a, int r, const Row& linear) {
    const float inverse = 1.f / sqrtf(a.running_variance.data[r] + a.eps);
    const Row x = (linear - Row::filled(a.running_mean.data[r])) * inverse;
    return x * Row::filled(a.gamma.data[r]) + Row::filled(a.beta.data[r]);
  }

  static __device__ __forceinline__ void own_rows(const FusedForward<float>& a, int row0, Shared& shared) {
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
      if (row0 + row < out) normalize(a, row0 + row, rows.at(row, 0));
    }
  }

  static __device__ __forceinline__ void normalize(const FusedForward<float>& a, int r, const float* linear) {
    const int batch = a.input.columns;
    const float share = 1.f / static_cast<float>(batch);
    Piece sum = Piece::filled(0.f);
    Lanes::for_each_piece(batch, [&](int c, int valid) { sum = sum + load_row<Lanes::kWidth>(linear + c, valid); });
    const float mean = Lanes::sum(sum) * share;

    sum = Piece::filled(0.f);
    Lanes::for_each_piece(batch, [&](int c, int valid) {
      const Piece centered = load_row<Lanes::kWidth>(linear + c, valid) - Piece::filled(mean);
      sum = sum + (valid >= Lanes::kWidth ? centered * centered : first_values(centered * centered, valid));
    });
    const float variance = Lanes::sum(sum) * share;
    const float inverse = 1.f / sqrtf(variance + a.eps);

    const Piece gamma = Piece::filled(a.gamma.data[r]), beta = Piece::filled(a.beta.data[r]);
    const std::size_t begin = static_cast<std::size_t>(r) * batch;
    Lanes::for_each_piece(batch, [&](int c, int valid) {
      const Piece x = (load_row<Lanes::kWidth>(linear + c, valid) - Piece::filled(mean)) * inverse;
      const Piece y = x * gamma + beta;
      store_row(a.normalized.data + begin + c, x, valid, false);
      store_row(a.output.data + begin + c, leaky(y, y, a.slope), valid, false);
    });
    if (!Lanes::is_first_lane()) return;
    a.inverse_deviation.data[r] = inverse;
    if (!(a.momentum > 0.f)) return;
    const float unbiased = batch > 1 ? static_cast<float>(batch) / static_cast<float>(batch - 1) : 1.f;
    a.running_mean.data[r] = a.running_mean.data[r] * (1.f - a.momentum) + mean * a.momentum;
    a.running_variance.data[r] = a.running_variance.data[r] * (1.f - a.momentum) + variance * (a.momentum * unbiased);
  }
};

}  // namespace duel
