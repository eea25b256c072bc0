// The product C[rows, columns] = A * B of one block, tile by tile through shared memory into registers. Every thread
// owns kTilesPerThread register tiles of kThreadRows x kThreadColumns; the block owns kRows x kColumns of C and walks
// the depth in steps of kDepth. With two stages the next step is loaded while the present one is multiplied, so one
// barrier a step is enough. Any size: what lies outside is zero.
//
// GPU shapes have one register tile per thread. On the CPU device one thread per block owns all of them: then the
// barriers vanish and the shared tiles are what a CPU library calls packing.
// Source: the register-tiled SGEMM of V. Volkov and J. Demmel, Benchmarking GPUs to tune dense linear algebra (2008).
#pragma once

#include <cstddef>

#include "kernels/device/register_row.cuh"
#ifndef __CUDACC__
#include "kernels/device/pack.h"
#endif

namespace duel {

template <int kRows_, int kColumns_, int kDepth_, int kThreadRows_, int kThreadColumns_, int kThreads_, int kStages_>
struct TileShape {
  static constexpr int kRows = kRows_, kColumns = kColumns_, kDepth = kDepth_;
  static constexpr int kThreadRows = kThreadRows_, kThreadColumns = kThreadColumns_;
  static constexpr int kThreads = kThreads_, kStages = kStages_;
  static constexpr int kTilesDown = kRows / kThreadRows, kTilesAcross = kColumns / kThreadColumns;
  static constexpr int kTilesPerThread = kTilesDown * kTilesAcross / kThreads;
  static_assert(kTilesPerThread * kThreads == kTilesDown * kTilesAcross, "every thread owns as many register tiles");
  static_assert(kRows % 4 == 0 && kColumns % 4 == 0 && kDepth % 4 == 0, "tiles are loaded four by four");
  static_assert(kThreads == 1 || kStages == 2, "threads that share tiles load into a second stage");
};

/// How an operand lies in memory: [extent, depth] (depth_contiguous) or [depth, extent] (extent_contiguous).
enum class Layout { depth_contiguous, extent_contiguous };

/// A matrix as an operand. Its lines are what lies together in memory: rows of A or columns of B along the depth, or
/// all rows or columns at one depth. Other operands have the same members, with lines that lie elsewhere or are missing
/// (kernels/convolution/gathered.cuh).
struct Operand {
  static constexpr bool kIsMatrix = true;  ///< lines follow each other; of others some may be absent, which means zeros
  const float* data;
  int extent;       ///< rows of A, or columns of B
  bool vectorized;  ///< every row starts at a multiple of 16 bytes

  /// Line i of `length` values from number `begin` on, where a tile begins.
  __device__ __forceinline__ const float* line(int i, int length, int begin) const {
    return data + static_cast<std::size_t>(i) * length + begin;
  }
  /// Between neighbouring lines, where they are evenly spaced.
  __device__ __forceinline__ std::size_t distance(int length) const { return static_cast<std::size_t>(length); }
  /// Values that lines have from there on.
  __device__ __forceinline__ int left(int length, int begin) const { return length - begin; }
};

/// Loads tile[k][e] = operand(extent0 + e, depth0 + k), zero outside.
template <Layout kLayout, int kExtent, int kDepth, int kThreads>
__device__ __forceinline__ void load_tile(float (&tile)[kDepth][kExtent], const Operand& operand, int depth,
                                          int extent0, int depth0) {
  const int thread = threadIdx.x;
  const int extent = operand.extent;
  if (!operand.vectorized) {
    for (int i = thread; i < kDepth * kExtent; i += kThreads) {
      const bool along_depth = kLayout == Layout::depth_contiguous;
      const int k = along_depth ? i % kDepth : i / kExtent, e = along_depth ? i / kDepth : i % kExtent;
      const std::size_t row = along_depth ? extent0 + e : depth0 + k, column = along_depth ? depth0 + k : extent0 + e;
      const bool inside = extent0 + e < extent && depth0 + k < depth;
      tile[k][e] = inside ? operand.data[row * (along_depth ? depth : extent) + column] : 0.f;
    }
    return;
  }
  const float4 zero = make_float4(0.f, 0.f, 0.f, 0.f);
  if constexpr (kLayout == Layout::extent_contiguous) {
#pragma unroll 4
    for (int i = thread; i < kDepth * kExtent / 4; i += kThreads) {
      const int k = i / (kExtent / 4), e = i % (kExtent / 4) * 4;
      const bool inside = extent0 + e < extent && depth0 + k < depth;
      const float* from = operand.data + static_cast<std::size_t>(depth0 + k) * extent + extent0 + e;
      *reinterpret_cast<float4*>(&tile[k][e]) = inside ? *reinterpret_cast<const float4*>(from) : zero;
    }
  } else {  // 4 x 4 values at a time, transposed in registers
#pragma unroll 2
    for (int i = thread; i < kDepth * kExtent / 16; i += kThreads) {
      const int e = i / (kDepth / 4) * 4, k = i % (kDepth / 4) * 4;
      const float* from = operand.data + static_cast<std::size_t>(extent0 + e) * depth + depth0 + k;
      const int rows = depth0 + k < depth ? extent - (extent0 + e) : 0;
      const float4 a = rows > 0 ? *reinterpret_cast<const float4*>(from) : zero;
      const float4 b = rows > 1 ? *reinterpret_cast<const float4*>(from + depth) : zero;
      const float4 c = rows > 2 ? *reinterpret_cast<const float4*>(from + 2 * static_cast<std::size_t>(depth)) : zero;
      const float4 d = rows > 3 ? *reinterpret_cast<const float4*>(from + 3 * static_cast<std::size_t>(depth)) : zero;
      *reinterpret_cast<float4*>(&tile[k][e]) = make_float4(a.x, b.x, c.x, d.x);
      *reinterpret_cast<float4*>(&tile[k + 1][e]) = make_float4(a.y, b.y, c.y, d.y);
      *reinterpret_cast<float4*>(&tile[k + 2][e]) = make_float4(a.z, b.z, c.z, d.z);
      *reinterpret_cast<float4*>(&tile[k + 3][e]) = make_float4(a.w, b.w, c.w, d.w);
    }
  }
}

/// The same of another operand, whose lines are asked for one by one.
template <Layout kLayout, int kExtent, int kDepth, int kThreads, class Lines>
requires(!Lines::kIsMatrix)
    __device__ __forceinline__ void load_tile(float (&tile)[kDepth][kExtent], const Lines& operand, int depth,
                                              int extent0, int depth0) {
  constexpr bool kAlongDepth = kLayout == Layout::depth_contiguous;
  constexpr int kLines = kAlongDepth ? kExtent : kDepth, kLength = kAlongDepth ? kDepth : kExtent;
  const int lines = kAlongDepth ? operand.extent : depth, length = kAlongDepth ? depth : operand.extent;
  const int line0 = kAlongDepth ? extent0 : depth0, begin = kAlongDepth ? depth0 : extent0;
  const int left = operand.left(length, begin);
  const auto line_or_null = [&](int i, int place) -> const float* {
    return line0 + i < lines && place < left ? operand.line(line0 + i, length, begin) : nullptr;
  };
  if (!operand.vectorized) {
    for (int i = threadIdx.x; i < kLines * kLength; i += kThreads) {
      const int line = i / kLength, place = i % kLength;
      const float* const from = line_or_null(line, place);
      (kAlongDepth ? tile[place][line] : tile[line][place]) = from ? from[place] : 0.f;
    }
    return;
  }
  for (int i = threadIdx.x; i < kLines * kLength / 4; i += kThreads) {
    const int line = i / (kLength / 4), place = i % (kLength / 4) * 4;
    const float* const from = line_or_null(line, place);
    const float4 four = from ? *reinterpret_cast<const float4*>(from + place) : make_float4(0.f, 0.f, 0.f, 0.f);
    if constexpr (kAlongDepth) {
      tile[place][line] = four.x;
      tile[place + 1][line] = four.y;
      tile[place + 2][line] = four.z;
      tile[place + 3][line] = four.w;
    } else {
      *reinterpret_cast<float4*>(&tile[line][place]) = four;
    }
  }
}

/// What a pair of values adds to a sum: their product.
struct AddProducts {
  template <int kCount>
  __device__ __forceinline__ static void add(RegisterRow<kCount>& sum, float a, const RegisterRow<kCount>& b) {
    sum.add_scaled(a, b);
  }
};
/// Or the square of their difference. Two zeros add nothing there either.
struct AddSquaredDifferences {
  template <int kCount>
  __device__ __forceinline__ static void add(RegisterRow<kCount>& sum, float a, const RegisterRow<kCount>& b) {
    sum.add_squares(b - RegisterRow<kCount>::filled(a));
  }
};

template <class Shape, Layout kLayoutA, Layout kLayoutB, class Accumulate = AddProducts>
class TileProduct {
  static constexpr bool kOneThread = Shape::kThreads == 1;
  static constexpr bool kKeepsLayoutA = kOneThread && kLayoutA == Layout::depth_contiguous;

 public:
  using Row = RegisterRow<Shape::kThreadColumns>;

  /// A __shared__ variable of the kernel. A lone thread uses A's values one at a time, so it keeps A's own layout.
  struct Tiles {
    alignas(64) float a[Shape::kStages][kKeepsLayoutA ? Shape::kRows : Shape::kDepth]
                       [kKeepsLayoutA ? Shape::kDepth : Shape::kRows];
    alignas(64) float b[Shape::kStages][Shape::kDepth][Shape::kColumns];
  };

  /// Computes the block's tile at (row0, column0). Every thread of the block must call it; it ends without a barrier.
  template <class OperandA, class OperandB>
  __device__ __forceinline__ void run(Tiles& tiles, const OperandA& a, const OperandB& b, int depth, int row0,
                                      int column0) {
    for (int t = 0; t < Shape::kTilesPerThread; ++t) {
#pragma unroll
      for (int i = 0; i < Shape::kThreadRows; ++i) sum_[t][i] = Row::filled(0.f);
    }
    load(tiles, 0, a, b, depth, row0, column0, 0);
    __syncthreads();
    int stage = 0;
    for (int depth0 = 0; depth0 < depth; depth0 += Shape::kDepth) {
      const bool more = depth0 + Shape::kDepth < depth;
      if (Shape::kStages == 2 && more) load(tiles, stage ^ 1, a, b, depth, row0, column0, depth0 + Shape::kDepth);
      multiply(tiles, stage, depth - depth0);
      if (!more) break;
      __syncthreads();  // the next stage is complete, and nobody reads the present one any more
      if constexpr (Shape::kStages == 2) {
        stage ^= 1;
      } else {
        load(tiles, 0, a, b, depth, row0, column0, depth0 + Shape::kDepth);
      }
    }
  }

  /// Calls f(row, column, values) for each row of the thread's register tiles; row and column are the block's own,
  /// counted from 0. f may change the values.
  template <class Function>
  __device__ __forceinline__ void for_each_row(Function f) {
    for (int t = 0; t < Shape::kTilesPerThread; ++t) {
#pragma unroll
      for (int i = 0; i < Shape::kThreadRows; ++i) f(tile_row(t) + i, tile_column(t), sum_[t][i]);
    }
  }

 private:
  // Neighbouring threads own neighbouring columns; a lone thread goes down first and keeps its part of B in cache.
  static __device__ __forceinline__ int tile_row(int t) {
    const int tile = threadIdx.x + t * Shape::kThreads;
    return (kOneThread ? tile % Shape::kTilesDown : tile / Shape::kTilesAcross) * Shape::kThreadRows;
  }
  static __device__ __forceinline__ int tile_column(int t) {
    const int tile = threadIdx.x + t * Shape::kThreads;
    return (kOneThread ? tile / Shape::kTilesDown : tile % Shape::kTilesAcross) * Shape::kThreadColumns;
  }

  template <class OperandA, class OperandB>
  __device__ __forceinline__ static void load(Tiles& tiles, int stage, const OperandA& a, const OperandB& b, int depth,
                                              int row0, int column0, int depth0) {
    if constexpr (kOneThread) {
#ifndef __CUDACC__
      pack<kLayoutA, kKeepsLayoutA>(tiles.a[stage], a, depth, row0, depth0);
      pack<kLayoutB, false>(tiles.b[stage], b, depth, column0, depth0);
#endif
    } else {
      load_tile<kLayoutA, Shape::kRows, Shape::kDepth, Shape::kThreads>(tiles.a[stage], a, depth, row0, depth0);
      load_tile<kLayoutB, Shape::kColumns, Shape::kDepth, Shape::kThreads>(tiles.b[stage], b, depth, column0, depth0);
    }
  }

#ifndef __CUDACC__
  template <Layout kLayout, bool kKeepLayout, class Tile>
  static void pack(Tile& tile, const Operand& operand, int depth, int extent0, int depth0) {
    const int extent_left = operand.extent - extent0, depth_left = depth - depth0;
    if constexpr (kLayout == Layout::extent_contiguous) {
      const EvenLines lines{operand.line(depth0, operand.extent, extent0), static_cast<std::size_t>(operand.extent)};
      pack_rows(tile, lines, depth_left, extent_left);
    } else {
      const EvenLines lines{operand.line(extent0, depth, depth0), static_cast<std::size_t>(depth)};
      if constexpr (kKeepLayout) {
        pack_rows(tile, lines, extent_left, depth_left);
      } else {
        pack_transposed(tile, lines, extent_left, depth_left);
      }
    }
  }
#endif

  __device__ __forceinline__ void multiply(const Tiles& tiles, int stage, int depth_left) {
    // A GPU unrolls the whole step (zeros beyond the end); one thread stops at the end.
    const int steps = kOneThread && depth_left < Shape::kDepth ? depth_left : Shape::kDepth;
#pragma unroll 1
    for (int t = 0; t < Shape::kTilesPerThread; ++t) {
      const float* a = kKeepsLayoutA ? tiles.a[stage][tile_row(t)] : &tiles.a[stage][0][tile_row(t)];
      const float* b = &tiles.b[stage][0][tile_column(t)];
      if constexpr (kOneThread) {
        // Each step is summed by itself and then added: long depths round less, and it costs nothing here.
        Row sum[Shape::kThreadRows];
#pragma unroll
        for (int i = 0; i < Shape::kThreadRows; ++i) sum[i] = Row::filled(0.f);
        for (int k = 0; k < steps; ++k) add_products(sum, a, b, k);
#pragma unroll
        for (int i = 0; i < Shape::kThreadRows; ++i) sum_[t][i] = sum_[t][i] + sum[i];
      } else {
#pragma unroll
        for (int k = 0; k < Shape::kDepth; ++k) add_products(sum_[t], a, b, k);
      }
    }
  }

  // sum += column k of A's tile * row k of B's, or what Accumulate makes of them.
  __device__ __forceinline__ static void add_products(Row (&sum)[Shape::kThreadRows], const float* a, const float* b,
                                                      int k) {
    const Row row = Row::load_aligned(b + k * Shape::kColumns);
    if constexpr (kKeepsLayoutA) {
#pragma unroll
      for (int i = 0; i < Shape::kThreadRows; ++i) Accumulate::add(sum[i], a[i * Shape::kDepth + k], row);
    } else {
      const Factors<Shape::kThreadRows> column(a + k * Shape::kRows);
#pragma unroll
      for (int i = 0; i < Shape::kThreadRows; ++i) Accumulate::add(sum[i], column[i], row);
    }
  }

  Row sum_[Shape::kTilesPerThread][Shape::kThreadRows];
};

}  // namespace duel
