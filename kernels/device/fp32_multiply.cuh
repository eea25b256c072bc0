// A warp's part of a product in FP32: its lanes, 4 down and 8 across, keep register tiles and read what they need of
// both operands four values at a time, along the depth or along the extent, as the tile lies.
#pragma once

#include "kernels/device/staged_tile.cuh"

namespace duel {

/// Sums kRows x kColumns of a warp. TileA and TileB are StagedTiles.
template <class TileA, class TileB, int kRows, int kColumns>
class Fp32Multiply {
  static_assert(kRows % 16 == 0 && kColumns % 32 == 0, "4 lanes of 4 rows, 8 lanes of 4 columns");
  static constexpr int kRowFours = kRows / 16, kColumnFours = kColumns / 32;

 public:
  static constexpr int kDepth = 4;  ///< of one multiply()

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int i = 0; i < 4 * kRowFours; ++i) {
#pragma unroll
      for (int j = 0; j < 4 * kColumnFours; ++j) sum_[i][j] = 0.f;
    }
  }

  /// Adds the products at depths k0 ... k0 + 3 for the warp's rows from row0 and columns from column0 on.
  __device__ __forceinline__ void multiply(const TileA& a, const TileB& b, int row0, int column0, int k0) {
    float factor[kRowFours][4][4];  // [.][row][depth]
#pragma unroll
    for (int f = 0; f < kRowFours; ++f) load_four<4>(factor[f], a, row0, f, down(), k0);
#pragma unroll
    for (int g = 0; g < kColumnFours; ++g) {
      float values[4][4];  // [column][depth]
      load_four<8>(values, b, column0, g, across(), k0);
#pragma unroll
      for (int k = 0; k < 4; ++k) {
#pragma unroll
        for (int i = 0; i < 4 * kRowFours; ++i) {
#pragma unroll
          for (int j = 0; j < 4; ++j) {
            float& sum = sum_[i][4 * g + j];
            sum = fmaf(factor[i / 4][i % 4][k], values[j][k], sum);
          }
        }
      }
    }
  }

  /// Writes the sums to shared memory: `to` is the place of the warp's (0, 0), rows are kStride apart.
  template <int kStride>
  __device__ __forceinline__ void store(float* to) const {
#pragma unroll
    for (int i = 0; i < 4 * kRowFours; ++i) {
      float* const row = to + place<TileA, 4>(i / 4, down(), i % 4) * kStride;
#pragma unroll
      for (int g = 0; g < kColumnFours; ++g) {
        const float* const four = &sum_[i][4 * g];
        if constexpr (TileB::kAlongDepth) {
#pragma unroll
          for (int j = 0; j < 4; ++j) row[place<TileB, 8>(g, across(), j)] = four[j];
        } else {
          *reinterpret_cast<float4*>(row + place<TileB, 8>(g, across(), 0)) =
              make_float4(four[0], four[1], four[2], four[3]);
        }
      }
    }
  }

 private:
  static __device__ __forceinline__ int down() {
    return threadIdx.x % 32 / 8;
  }
  static __device__ __forceinline__ int across() {
    return threadIdx.x % 8;
  }

  // Where the i-th of a lane's four values of group g lies along the extent. In a tile along the depth lanes take
  // turns, so that the lines which a warp reads together are neighbours and, by the padding, in different banks; else a
  // lane's four are neighbours, and so are the lanes.
  template <class Tile, int kLanes>
  static __device__ __forceinline__ int place(int g, int lane, int i) {
    return 4 * kLanes * g + (Tile::kAlongDepth ? lane + kLanes * i : 4 * lane + i);
  }

  template <int kLanes, class Tile>
  static __device__ __forceinline__ void load_four(float (&values)[4][4], const Tile& tile, int extent0, int g,
                                                   int lane, int k0) {
#pragma unroll
    for (int n = 0; n < 4; ++n) {
      if constexpr (Tile::kAlongDepth) {
        const float* const from = tile.at(extent0 + place<Tile, kLanes>(g, lane, n), k0);
        const float4 four = *reinterpret_cast<const float4*>(from);
        values[n][0] = four.x;
        values[n][1] = four.y;
        values[n][2] = four.z;
        values[n][3] = four.w;
      } else {
        const float* const from = tile.at(extent0 + place<Tile, kLanes>(g, lane, 0), k0 + n);
        const float4 four = *reinterpret_cast<const float4*>(from);
        values[0][n] = four.x;
        values[1][n] = four.y;
        values[2][n] = four.z;
        values[3][n] = four.w;
      }
    }
  }

  float sum_[4 * kRowFours][4 * kColumnFours];
};

/// For StagedProduct: products in FP32.
struct Fp32Arithmetic {
  /// Of a tile's lines. Eight lanes read four values each at a time: of neighbouring lines along the depth, or of one
  /// line along the extent.
  static constexpr int kDepthPadding = 4, kExtentPadding = 0;
  template <class TileA, class TileB, int kRows, int kColumns>
  using Multiply = Fp32Multiply<TileA, TileB, kRows, kColumns>;
};

}  // namespace duel
