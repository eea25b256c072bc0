// A tile of an operand in shared memory, laid out as the operand is in memory, so that it can be copied there
// asynchronously, 16 bytes at a time where rows are aligned.
#pragma once

#include <cstddef>

#include "kernels/device/async_copy.cuh"
#include "kernels/device/tile_product.cuh"

namespace duel {

/// A line is what lies together in memory: a row of A or a column of B along the depth (depth_contiguous), or all rows
/// or columns at one depth (extent_contiguous). Lines lie apart by their length and a padding, in floats, that keeps
/// the lanes of a warp out of each other's banks; whoever reads the tile knows which.
template <Layout kLayout_, int kExtent, int kDepth, int kPadding>
struct StagedTile {
  static constexpr Layout kLayout = kLayout_;
  static constexpr bool kAlongDepth = kLayout == Layout::depth_contiguous;
  static constexpr int kLines = kAlongDepth ? kExtent : kDepth, kLength = kAlongDepth ? kDepth : kExtent;
  static constexpr int kStride = kLength + kPadding;
  static_assert(kStride % 4 == 0, "lines are aligned to 16 bytes");

  alignas(16) float value[kLines][kStride];

  /// The place of operand(extent, depth), counted within the tile.
  __device__ __forceinline__ const float* at(int extent, int depth) const {
    return kAlongDepth ? &value[extent][depth] : &value[depth][extent];
  }

  /// Begins to copy operand(extent0 + e, depth0 + k) for the whole tile, zero outside. All kThreads of the block share
  /// the work.
  template <int kThreads, class AnyOperand>
  __device__ __forceinline__ void load(const AnyOperand& operand, int depth, int extent0, int depth0) {
    const int lines = kAlongDepth ? operand.extent : depth, length = kAlongDepth ? depth : operand.extent;
    const int line0 = kAlongDepth ? extent0 : depth0, begin = kAlongDepth ? depth0 : extent0;
    if constexpr (!AnyOperand::kIsMatrix) {
      if (operand.vectorized) {
        load_lines<4, kThreads>(operand, lines, length, line0, begin);
      } else {
        load_lines<1, kThreads>(operand, lines, length, line0, begin);
      }
    } else if (operand.vectorized) {  // then `length` and `begin` are multiples of 4: four values are inside or outside
      load_pieces<4, kThreads>(operand.data, lines, length, line0, begin);
    } else {
      load_pieces<1, kThreads>(operand.data, lines, length, line0, begin);
    }
  }

 private:
  template <int kCount, int kThreads>
  __device__ __forceinline__ void load_pieces(const float* data, int lines, int length, int line0, int begin) {
    constexpr int kPieces = kLength / kCount;  // of a line; neighbouring threads take neighbouring pieces
    constexpr int kLinesAtATime = kThreads / kPieces, kTurns = (kLines + kLinesAtATime - 1) / kLinesAtATime;
    static_assert(kThreads % kPieces == 0, "a thread's pieces lie below each other");
    const int place = threadIdx.x % kPieces * kCount;
    const bool is_in_lines = begin + place < length;
    int line = threadIdx.x / kPieces;
    const float* from = data + static_cast<std::size_t>(line0 + line) * length + begin + place;
    const std::size_t further = static_cast<std::size_t>(kLinesAtATime) * length;
#pragma unroll(kCount == 4 ? kTurns : 1)
    for (int turn = 0; turn < kTurns; ++turn) {
      if (kLines % kLinesAtATime != 0 && line >= kLines) break;
      const bool inside = is_in_lines && line0 + line < lines;
      copy_async<kCount>(&value[line][place], inside ? from : data, inside);
      line += kLinesAtATime;
      from += further;
    }
  }

  // The same of an operand whose lines are asked for one by one.
  template <int kCount, int kThreads, class Lines>
  __device__ __forceinline__ void load_lines(const Lines& operand, int lines, int length, int line0, int begin) {
    constexpr int kPieces = kLength / kCount, kLinesAtATime = kThreads / kPieces;
    static_assert(kThreads % kPieces == 0, "a thread's pieces lie below each other");
    const int place = threadIdx.x % kPieces * kCount;
    const bool is_in_lines = place < operand.left(length, begin);
#pragma unroll 1
    for (int line = threadIdx.x / kPieces; line < kLines; line += kLinesAtATime) {
      const bool is_line = is_in_lines && line0 + line < lines;
      const float* const from = is_line ? operand.line(line0 + line, length, begin) : nullptr;
      copy_async<kCount>(&value[line][place], from ? from + place : operand.data, from != nullptr);
    }
  }
};

}  // namespace duel
