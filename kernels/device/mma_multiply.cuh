// A warp's part of a product by matrix instructions. Factors are rounded to the instruction's format when they are read
// from the tiles; sums are float.
#pragma once

#include "kernels/device/mma.cuh"
#include "kernels/device/staged_tile.cuh"

namespace duel {

/// As Fp32Multiply. Map: which values of A and B a lane holds, if not those of the format (for tests).
template <class Format, class TileA, class TileB, int kRows, int kColumns, class Map = Format>
class MmaMultiply {
  static_assert(kRows % 16 == 0 && kColumns % 8 == 0);
  static constexpr int kDown = kRows / 16, kAcross = kColumns / 8;

 public:
  static constexpr int kDepth = Format::kDepth;

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int i = 0; i < kDown; ++i) {
#pragma unroll
      for (int j = 0; j < kAcross; ++j) sum_[i][j][0] = sum_[i][j][1] = sum_[i][j][2] = sum_[i][j][3] = 0.f;
    }
  }

  __device__ __forceinline__ void multiply(const TileA& a, const TileB& b, int row0, int column0, int k0) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int i = 0; i < kDown; ++i) {
      float values_a[Format::kOfA];
#pragma unroll
      for (int n = 0; n < Format::kOfA; ++n) {
        values_a[n] = *a.at(row0 + 16 * i + Map::a_row(lane, n), k0 + depth(lane, meets(n)));
      }
      const FragmentA<Format> fragment_a(values_a);
#pragma unroll
      for (int j = 0; j < kAcross; ++j) {
        float values_b[Format::kOfB];
#pragma unroll
        for (int n = 0; n < Format::kOfB; ++n) {
          values_b[n] = *b.at(column0 + 8 * j + Map::b_column(lane, n), k0 + depth(lane, n));
        }
        multiply_add(sum_[i][j], fragment_a, FragmentB<Format>(values_b));
      }
    }
  }

  template <int kStride>
  __device__ __forceinline__ void store(float* to) const {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int i = 0; i < kDown; ++i) {
#pragma unroll
      for (int j = 0; j < kAcross; ++j) {
#pragma unroll
        for (int n = 0; n < 4; n += 2) {  // pairs are neighbours
          float* const pair = to + (16 * i + MmaSums::row(lane, n)) * kStride + 8 * j + MmaSums::column(lane, n);
          *reinterpret_cast<float2*>(pair) = make_float2(sum_[i][j][n], sum_[i][j][n + 1]);
        }
      }
    }
  }

 private:
  // The instruction's depths are the tile's in another order, the same for A and B: a sum has no order that matters
  // here. So a lane's n-th value of B always lies at depth lane % 4 + 4 n, and in no format lanes meet in a bank.
  static __device__ __forceinline__ int depth(int lane, int n) {
    return lane % 4 + 4 * n;
  }
  // The value of B at the depth of A's n-th.
  static constexpr __host__ __device__ int meets(int n) {
    int i = 0;
    while (Map::b_depth(0, i) != Map::a_depth(0, n)) ++i;
    return i;
  }

  float sum_[kDown][kAcross][4];
};

/// For StagedProduct: factors rounded to a format, products by matrix instructions.
template <class Format>
struct MmaArithmetic {
  /// Single values lie lane / 4 along the extent and lane % 4 along the depth: lines 4 or 8 banks apart, counted around
  /// the 32, give each lane a bank of its own.
  static constexpr int kDepthPadding = 4, kExtentPadding = 8;
  template <class TileA, class TileB, int kRows, int kColumns>
  using Multiply = MmaMultiply<Format, TileA, TileB, kRows, kColumns>;
};

}  // namespace duel
