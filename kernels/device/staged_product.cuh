// The product C[rows, columns] = A * B of one block that has few neighbours: layers of small batches give fewer tiles
// than a GPU has multiprocessors, so many warps work on one tile and split the depth between them. The interface is
// that of TileProduct.
//
// Operands go to shared memory by asynchronous copies, kStages steps of kDepth in turn, and keep their layout; while a
// step is multiplied, the next kStages - 1 are on their way. Each warp multiplies its share of every step's depth for
// its part of the tile. At the end the shares' sums meet in shared memory, where the steps were, and every thread adds
// up four neighbouring values of C, share by share: the order is fixed, so the bits are.
#pragma once

#include "kernels/device/fp32_multiply.cuh"
#include "kernels/device/register_row.cuh"
#include "kernels/device/staged_tile.cuh"

namespace duel {

/// kWarpsDown x kWarpsAcross warps cover the tile, and kDepthShares times as many split the depth between them.
/// Arithmetic::Multiply is what a warp does.
template <class Arithmetic_, int kRows_, int kColumns_, int kDepth_, int kStages_, int kWarpsDown_, int kWarpsAcross_,
          int kDepthShares_>
struct SplitDepthShape {
  static constexpr int kRows = kRows_, kColumns = kColumns_, kDepth = kDepth_, kStages = kStages_;
  static constexpr int kWarpsDown = kWarpsDown_, kWarpsAcross = kWarpsAcross_, kDepthShares = kDepthShares_;
  static constexpr int kWarpRows = kRows / kWarpsDown, kWarpColumns = kColumns / kWarpsAcross;
  static constexpr int kThreads = 32 * kWarpsDown * kWarpsAcross * kDepthShares;
  static constexpr int kThreadColumns = 4;
  static constexpr int kPieces = kRows * kColumns / kThreadColumns / kThreads;  ///< of C, of every thread
  using Arithmetic = Arithmetic_;
  static_assert(kWarpRows * kWarpsDown == kRows && kWarpColumns * kWarpsAcross == kColumns);
  static_assert(kPieces * kThreads * kThreadColumns == kRows * kColumns, "every thread owns as many values");
  static_assert(kDepth % kDepthShares == 0 && kStages >= 2);
};

template <class Shape, Layout kLayoutA, Layout kLayoutB>
class StagedProduct {
  using Arithmetic = typename Shape::Arithmetic;
  static constexpr int padding(Layout layout) {
    return layout == Layout::depth_contiguous ? Arithmetic::kDepthPadding : Arithmetic::kExtentPadding;
  }
  using TileA = StagedTile<kLayoutA, Shape::kRows, Shape::kDepth, padding(kLayoutA)>;
  using TileB = StagedTile<kLayoutB, Shape::kColumns, Shape::kDepth, padding(kLayoutB)>;
  using Multiply = typename Arithmetic::template Multiply<TileA, TileB, Shape::kWarpRows, Shape::kWarpColumns>;
  static constexpr int kShareDepth = Shape::kDepth / Shape::kDepthShares;
  static constexpr int kStride = Shape::kColumns + 8;  // rows of sums begin 8 banks apart
  static constexpr int kPiecesAcross = Shape::kColumns / Shape::kThreadColumns;
  static_assert(kShareDepth % Multiply::kDepth == 0);

  struct Step {
    TileA a;
    TileB b;
  };

 public:
  using Row = RegisterRow<Shape::kThreadColumns>;
  /// run() ends with a barrier after which nobody looks at the tiles: their memory may serve other things.
  static constexpr bool kLeavesTiles = true;

  /// A __shared__ variable of the kernel.
  union Tiles {
    Step step[Shape::kStages];
    alignas(16) float share[Shape::kDepthShares][Shape::kRows][kStride];
  };

  /// Computes the block's tile at (row0, column0). Every thread of the block must call it.
  template <class OperandA, class OperandB>
  __device__ __forceinline__ void run(Tiles& tiles, const OperandA& a, const OperandB& b, int depth, int row0,
                                      int column0) {
    const int steps = (depth + Shape::kDepth - 1) / Shape::kDepth;
    const int warp = threadIdx.x / 32, share = warp % Shape::kDepthShares, part = warp / Shape::kDepthShares;
    const int warp_row = part / Shape::kWarpsAcross * Shape::kWarpRows;
    const int warp_column = part % Shape::kWarpsAcross * Shape::kWarpColumns;
    const auto load = [&](int stage, int step) {
      if (step < steps) {
        tiles.step[stage].a.template load<Shape::kThreads>(a, depth, row0, step * Shape::kDepth);
        tiles.step[stage].b.template load<Shape::kThreads>(b, depth, column0, step * Shape::kDepth);
      }
      commit_copies();  // a group for every step, though it be empty: what is waited for is counted in groups
    };

    Multiply multiply;
    multiply.clear();
#pragma unroll 1
    for (int first = 0; first < Shape::kStages - 1; ++first) load(first, first);
    int stage = 0, stage_to_load = Shape::kStages - 1;
    for (int step = 0; step < steps; ++step) {
      wait_for_copies<Shape::kStages - 2>();  // the thread's own part of this step is there
      __syncthreads();  // and everybody's; and nobody reads the step before it any more, whose stage is loaded now
      load(stage_to_load, step + Shape::kStages - 1);
      const Step& present = tiles.step[stage];
#pragma unroll 1
      for (int k = 0; k < kShareDepth; k += Multiply::kDepth) {
        multiply.multiply(present.a, present.b, warp_row, warp_column, share * kShareDepth + k);
      }
      stage = next(stage);
      stage_to_load = next(stage_to_load);
    }
    wait_for_copies<0>();  // only empty groups are left
    __syncthreads();       // nobody reads a step any more: the sums take their place
    multiply.template store<kStride>(&tiles.share[share][warp_row][warp_column]);
    __syncthreads();  // all sums are there
#pragma unroll
    for (int p = 0; p < Shape::kPieces; ++p) {
      sum_[p] = Row::load_aligned(&tiles.share[0][row(p)][column(p)]);
#pragma unroll
      for (int s = 1; s < Shape::kDepthShares; ++s) {
        sum_[p] = sum_[p] + Row::load_aligned(&tiles.share[s][row(p)][column(p)]);
      }
    }
    __syncthreads();  // the sums have been read: kLeavesTiles
  }

  /// Calls f(row, column, values) for each of the thread's pieces of rows; row and column are the block's own, counted
  /// from 0. f may change the values.
  template <class Function>
  __device__ __forceinline__ void for_each_row(Function f) {
#pragma unroll
    for (int p = 0; p < Shape::kPieces; ++p) f(row(p), column(p), sum_[p]);
  }

 private:
  static __device__ __forceinline__ int next(int stage) {
    return stage + 1 < Shape::kStages ? stage + 1 : 0;
  }
  // Neighbouring threads own neighbouring pieces.
  static __device__ __forceinline__ int row(int p) {
    return (threadIdx.x + p * Shape::kThreads) / kPiecesAcross;
  }
  static __device__ __forceinline__ int column(int p) {
    return (threadIdx.x + p * Shape::kThreads) % kPiecesAcross * Shape::kThreadColumns;
  }

  Row sum_[Shape::kPieces];
};

}  // namespace duel
