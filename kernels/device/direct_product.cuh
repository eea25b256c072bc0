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
  static constexpr int kFetchEvery = 16;  // floats of a cache line
  static constexpr bool kPacksA = kLayoutA == Layout::extent_contiguous;

 public:
  using Row = RegisterRow<kThreadColumns>;

  /// A __shared__ variable of the kernel: what is packed of a step, and the sums of the steps before it, which would be
  /// much for a thread's stack.
  struct Tiles {
    alignas(64) float a[kPacksA ? Shape::kDepth : kThreadRows][kPacksA ? Shape::kRows : Shape::kDepth];
    alignas(64) float b[Shape::kDepth][Shape::kColumns];
    Row sum[Shape::kColumns / kThreadColumns][Shape::kRows];
  };

  /// Computes the block's tile at (row0, column0) and calls f(row, column, values) for each row of its register tiles
  /// as soon as they are complete; row and column are the block's own, counted from 0. f may change the values. A while
  /// before f sees a row, fetch(row, column) is called: it may fetch into the caches what f is going to need.
  template <class OperandA, class OperandB, class Function, class Fetch>
  void run(Tiles& tiles, const OperandA& a, const OperandB& b, int depth, int row0, int column0, Function f,
           Fetch fetch) {
    const int rows = std::min(Shape::kRows, a.extent - row0), columns = std::min(Shape::kColumns, b.extent - column0);
    for (int depth0 = 0; depth0 < depth; depth0 += Shape::kDepth) {
      const int steps = std::min(Shape::kDepth, kPacksA ? depth - depth0 : a.left(depth, depth0));
      const Panel panel_b = panel_of_b(tiles, b, depth, column0, depth0, steps);
      if constexpr (kLayoutA == Layout::extent_contiguous) pack_a(tiles, a, depth, row0, depth0, steps);
      for (int column = 0; column < columns; column += kThreadColumns) {
        for (int row = 0; row < rows; row += kThreadRows) {
          const Panel panel_a = panel_of_a(tiles, a, depth, row0, row, depth0, steps);
          const int next_row = row + kThreadRows < rows ? row + kThreadRows : 0;
          const int next_column = next_row > 0 ? column : column + kThreadColumns;
          const bool is_last_step = depth0 + Shape::kDepth >= depth;
          Row sum[kThreadRows];
          multiply(sum, panel_a, {panel_b.data + column, panel_b.stride}, steps, [&](int k) {
            if (column == 0) fetch_a(a, depth, row0, next_row, next_row > 0 ? depth0 + k : depth0 + Shape::kDepth + k);
            if (!is_last_step || next_column >= columns) return;
            const int turns = (steps + kFetchEvery - 1) / kFetchEvery;
            for (int i = k / kFetchEvery; i < kThreadRows; i += turns) fetch(next_row + i, next_column);
          });
          Row* const total = &tiles.sum[column / kThreadColumns][row];
          if (depth0 > 0) {
#pragma unroll
            for (int i = 0; i < kThreadRows; ++i) sum[i] = total[i] + sum[i];
          }
          Row* const to = is_last_step ? done_ : total;
#pragma unroll
          for (int i = 0; i < kThreadRows; ++i) to[i] = sum[i];
          if (!is_last_step) continue;
#pragma unroll 1  // f's code once, and nothing of it among the registers of the product
          for (int i = 0; i < kThreadRows; ++i) f(row + i, column, done_[i]);
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

  template <class OperandB>
  static Panel panel_of_b(Tiles& tiles, const OperandB& b, int depth, int column0, int depth0, int steps) {
    const int columns = b.extent - column0;
    if constexpr (kLayoutB == Layout::depth_contiguous) {
      const auto pack = [&](const auto& lines) { pack_transposed(tiles.b, lines, columns, steps, steps); };
      if constexpr (!OperandB::kIsMatrix) {
        static constexpr float kZeros[Shape::kDepth] = {};
        const float* lines[Shape::kColumns];
        for (int i = 0; i < columns && i < Shape::kColumns; ++i) {
          const float* const line = b.line(column0 + i, depth, depth0);
          lines[i] = line ? line : kZeros;
        }
        pack([&](int i) { return lines[i]; });
      } else {
        pack(EvenLines{b.line(column0, depth, depth0), b.distance(depth)});
      }
    } else if constexpr (!OperandB::kIsMatrix) {
      pack_rows(
          tiles.b, [&](int k) { return b.line(depth0 + k, b.extent, column0); }, steps, columns, steps);
    } else {
      const float* from = b.line(depth0, b.extent, column0);
      const bool is_narrow = b.extent <= Shape::kColumns;  // else its rows would compete for the same cache lines
      if (is_narrow && columns % kThreadColumns == 0) return {from, b.distance(b.extent)};
      pack_rows(tiles.b, EvenLines{from, b.distance(b.extent)}, steps, columns, steps);
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
    pack_rows(tiles.a, EvenLines{from, static_cast<std::size_t>(a.extent)}, steps, rows, steps);
  }

  template <class OperandA>
  static Panel panel_of_a(Tiles& tiles, const OperandA& a, int depth, int row0, int row, int depth0, int steps) {
    if constexpr (kLayoutA == Layout::extent_contiguous) {
      return {&tiles.a[0][row], Shape::kRows};
    } else {
      const EvenLines lines{a.line(row0 + row, depth, depth0), a.distance(depth)};
      if (row0 + row + kThreadRows <= a.extent) return {lines.first, lines.stride};
      for (int i = 0; i < kThreadRows; ++i) {  // fewer rows than a register tile has
        for (int k = 0; k < steps; ++k) tiles.a[i][k] = row0 + row + i < a.extent ? lines(i)[k] : 0.f;
      }
      return {&tiles.a[0][0], Shape::kDepth};
    }
  }

  // The rows of a register tile of A that are read where they lie, at depth k: a cache line each.
  template <class OperandA>
  static void fetch_a(const OperandA& a, int depth, int row0, int row, int k) {
    if constexpr (kLayoutA == Layout::depth_contiguous) {
      if (k >= depth) return;
      const EvenLines lines{a.line(row0 + row, depth, k), a.distance(depth)};
#pragma unroll
      for (int i = 0; i < kThreadRows; ++i) __builtin_prefetch(lines(i));
    }
  }

  // The addresses of a register tile's values of A at a depth: one pointer where they are neighbours, else one a row.
  class Broadcasts {
   public:
    explicit Broadcasts(const Panel& a) {
#pragma unroll
      for (int i = 0; i < kPointers; ++i) {
        row_[i] = a.data + i * a.stride;
        asm("" : "+r"(row_[i]));  // else compilers add strides in the loop, which costs more than the registers
      }
    }
    float at(int i, int k) const {
      return kPacksA ? row_[0][k * Shape::kRows + i] : row_[i][k];
    }

   private:
    static constexpr int kPointers = kPacksA ? 1 : kThreadRows;
    const float* row_[kPointers];
  };

  // Calls ahead(k) for every cache line of a row of A.
  template <class Ahead>
  static void multiply(Row (&sum)[kThreadRows], const Panel& a, const Panel& b, int steps, Ahead ahead) {
    const Broadcasts broadcasts(a);
    Row total[kThreadRows];
#pragma unroll
    for (int i = 0; i < kThreadRows; ++i) total[i] = Row::filled(0.f);
    const float* from_b = b.data;
    for (int k0 = 0; k0 < steps; k0 += kFetchEvery) {
      ahead(k0);
      const int end = std::min(k0 + kFetchEvery, steps);
#pragma unroll 1
      for (int k = k0; k < end; ++k, from_b += b.stride) {
        const Row values = Row::load(from_b);
#pragma unroll
        for (int i = 0; i < kThreadRows; ++i) total[i].add_scaled(broadcasts.at(i, k), values);
      }
    }
#pragma unroll
    for (int i = 0; i < kThreadRows; ++i) sum[i] = total[i];
  }

  Row done_[kThreadRows];  // a register tile that is complete
};

}  // namespace duel
