// The product C[rows, columns] = A * B of a block of one thread, for the CPU device: what TileProduct is for a GPU,
// with the same interface. A lone thread has the caches for itself: it reads operands where they lie, as long as
// neighbouring reads stay near each other, and packs only what is strided or turned. Host builds only.
//
// The depth is walked in steps; each step is summed in registers and then added: long sums round less.
// Source of the loop order: K. Goto and R. van de Geijn, Anatomy of high-performance matrix multiplication (2008).
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/device/pack.h"
#include "kernels/device/tile_product.cuh"

namespace duel {

template <class Shape, Layout kLayoutA, Layout kLayoutB>
class DirectProduct {
  static_assert(Shape::kThreads == 1);
  static constexpr int kThreadRows = Shape::kThreadRows, kThreadColumns = Shape::kThreadColumns;
  static constexpr bool kPacksA = kLayoutA == Layout::extent_contiguous;

 public:
  using Row = RegisterRow<kThreadColumns>;

  /// A __shared__ variable of the kernel: what is packed of a step.
  struct Tiles {
    alignas(64) float a[kPacksA ? Shape::kDepth : kThreadRows][kPacksA ? Shape::kRows : Shape::kDepth];
    alignas(64) float b[Shape::kDepth][Shape::kColumns];
  };

  /// Computes the block's tile at (row0, column0) and calls f(row, column, values) for each row of its register tiles
  /// as soon as they are complete; row and column are the block's own, counted from 0. f may change the values.
  template <class Function>
  void run(Tiles& tiles, const Operand& a, const Operand& b, int depth, int row0, int column0, Function f) {
    const int rows = std::min(Shape::kRows, a.extent - row0), columns = std::min(Shape::kColumns, b.extent - column0);
    for (int depth0 = 0; depth0 < depth; depth0 += Shape::kDepth) {
      const int steps = std::min(Shape::kDepth, depth - depth0);
      const Panel panel_b = panel_of_b(tiles, b, depth, column0, depth0, steps);
      if constexpr (kLayoutA == Layout::extent_contiguous) pack_a(tiles, a, depth, row0, depth0, steps);
      for (int column = 0; column < columns; column += kThreadColumns) {
        for (int row = 0; row < rows; row += kThreadRows) {
          const Panel panel_a = panel_of_a(tiles, a, depth, row0, row, depth0, steps);
          Row sum[kThreadRows];
          multiply(sum, panel_a, {panel_b.data + column, panel_b.stride}, steps);
          Row* const total = &sum_[column / kThreadColumns][row];
          if (depth0 > 0) {
#pragma unroll
            for (int i = 0; i < kThreadRows; ++i) sum[i] = total[i] + sum[i];
          }
          if (depth0 + Shape::kDepth < depth) {
#pragma unroll
            for (int i = 0; i < kThreadRows; ++i) total[i] = sum[i];
          } else {
#pragma unroll
            for (int i = 0; i < kThreadRows; ++i) f(row + i, column, sum[i]);
          }
        }
      }
    }
  }

 private:
  // Where an operand's values of a step begin, and the distance between its rows in memory.
  struct Panel {
    const float* data;
    std::size_t stride;
  };

  static Panel panel_of_b(Tiles& tiles, const Operand& b, int depth, int column0, int depth0, int steps) {
    const int columns = b.extent - column0;
    if constexpr (kLayoutB == Layout::depth_contiguous) {
      pack_transposed(tiles.b, b.data + static_cast<std::size_t>(column0) * depth + depth0, depth, columns, steps);
    } else {
      const float* from = b.data + static_cast<std::size_t>(depth0) * b.extent + column0;
      const bool is_narrow = b.extent <= Shape::kColumns;  // else its rows would compete for the same cache lines
      if (is_narrow && columns % kThreadColumns == 0) return {from, static_cast<std::size_t>(b.extent)};
      pack_rows(tiles.b, from, b.extent, steps, columns);
    }
    return {&tiles.b[0][0], Shape::kColumns};
  }

  // While a step is packed, the next one is fetched: its rows are too far apart for the processor to guess.
  static void pack_a(Tiles& tiles, const Operand& a, int depth, int row0, int depth0, int steps) {
    const float* from = a.data + static_cast<std::size_t>(depth0) * a.extent + row0;
    const int rows = a.extent - row0, next = std::min(Shape::kDepth, depth - depth0 - Shape::kDepth);
    for (int k = 0; k < next; ++k) {
      const float* row = from + static_cast<std::size_t>(k + Shape::kDepth) * a.extent;
      for (int i = 0; i < Shape::kRows && i < rows; i += 16) __builtin_prefetch(row + i);
    }
    pack_rows(tiles.a, from, a.extent, steps, rows);
  }

  static Panel panel_of_a(Tiles& tiles, const Operand& a, int depth, int row0, int row, int depth0, int steps) {
    if constexpr (kLayoutA == Layout::extent_contiguous) {
      return {&tiles.a[0][row], Shape::kRows};
    } else {
      const float* from = a.data + static_cast<std::size_t>(row0 + row) * depth + depth0;
      if (row0 + row + kThreadRows <= a.extent) return {from, static_cast<std::size_t>(depth)};
      for (int i = 0; i < kThreadRows; ++i) {  // fewer rows than a register tile has
        for (int k = 0; k < steps; ++k) {
          tiles.a[i][k] = row0 + row + i < a.extent ? from[static_cast<std::size_t>(i) * depth + k] : 0.f;
        }
      }
      return {&tiles.a[0][0], Shape::kDepth};
    }
  }

  static void multiply(Row (&sum)[kThreadRows], const Panel& a, const Panel& b, int steps) {
#pragma unroll
    for (int i = 0; i < kThreadRows; ++i) sum[i] = Row::filled(0.f);
    for (int k = 0; k < steps; ++k) {
      const Row values = Row::load(b.data + k * b.stride);
#pragma unroll
      for (int i = 0; i < kThreadRows; ++i) {
        const std::size_t at = kLayoutA == Layout::depth_contiguous ? i * a.stride + k : k * a.stride + i;
        sum[i].add_scaled(a.data[at], values);
      }
    }
  }

  Row sum_[Shape::kColumns / kThreadColumns][Shape::kRows];  // of the steps so far
};

}  // namespace duel
