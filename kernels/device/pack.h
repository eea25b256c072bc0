// How a lone thread of the CPU device fills its shared tiles: whole vectors instead of four values per thread.
// Host builds only.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

#include "kernels/device/register_row.cuh"

namespace duel {

/// tile[r][c] = from[r * stride + c] for r < rows, c < columns; zero elsewhere in the first `fill` rows.
template <int kRows, int kColumns>
void pack_rows(float (&tile)[kRows][kColumns], const float* from, std::size_t stride, int rows, int columns,
               int fill = kRows) {
  for (int r = 0; r < fill; ++r) {
    const auto row = r < rows ? load_row<kColumns>(from + r * stride, columns) : RegisterRow<kColumns>::filled(0.f);
    row.store(tile[r]);
  }
}

namespace detail {

typedef float Lanes __attribute__((vector_size(kHostLanes * sizeof(float))));

// Positions for __builtin_shufflevector(a, b, ...) that take, in every group of four lanes, two of a's and two of b's.
enum class Take { low_interleaved, high_interleaved, low_pairs, high_pairs };

constexpr int position(Take take, int lane) {
  const int group = lane / 4 * 4, i = lane % 4;
  switch (take) {
    case Take::low_interleaved:
      return group + i / 2 + (i % 2) * kHostLanes;
    case Take::high_interleaved:
      return group + 2 + i / 2 + (i % 2) * kHostLanes;
    case Take::low_pairs:
      return group + i % 2 + (i / 2) * kHostLanes;
    case Take::high_pairs:
      break;
  }
  return group + 2 + i % 2 + (i / 2) * kHostLanes;
}

template <Take kTake, int... kLane>
inline Lanes shuffle(Lanes a, Lanes b, std::integer_sequence<int, kLane...>) {
  return __builtin_shufflevector(a, b, position(kTake, kLane)...);
}
template <Take kTake>
inline Lanes shuffle(Lanes a, Lanes b) {
  return shuffle<kTake>(a, b, std::make_integer_sequence<int, kHostLanes>());
}

// Four values of each of the rows first, first + 4, first + 8, ...
inline Lanes every_fourth_row(const float* from, std::size_t stride, int first) {
  Lanes lanes;
  for (int group = 0; group < kHostLanes / 4; ++group) {
    std::memcpy(reinterpret_cast<float*>(&lanes) + 4 * group, from + (first + 4 * group) * stride, 4 * sizeof(float));
  }
  return lanes;
}

}  // namespace detail

/// tile[k][e] = from[e * stride + k] for e < extent, k < depth; zero elsewhere in the first `fill` rows.
template <int kDepth, int kExtent>
void pack_transposed(float (&tile)[kDepth][kExtent], const float* from, std::size_t stride, int extent, int depth,
                     int fill = kDepth) {
  using detail::shuffle;
  using detail::Take;
  static_assert(kExtent % kHostLanes == 0 && kDepth % 4 == 0);
  for (int e = 0; e < kExtent; e += kHostLanes) {
    for (int k = 0; k < fill; k += 4) {
      if (e + kHostLanes <= extent && k + 4 <= depth) {  // a 4 x 4 transposition in each group of four lanes
        const float* corner = from + e * stride + k;
        const auto a = detail::every_fourth_row(corner, stride, 0), b = detail::every_fourth_row(corner, stride, 1);
        const auto c = detail::every_fourth_row(corner, stride, 2), d = detail::every_fourth_row(corner, stride, 3);
        const auto ab_low = shuffle<Take::low_interleaved>(a, b), ab_high = shuffle<Take::high_interleaved>(a, b);
        const auto cd_low = shuffle<Take::low_interleaved>(c, d), cd_high = shuffle<Take::high_interleaved>(c, d);
        const detail::Lanes columns[4] = {
            shuffle<Take::low_pairs>(ab_low, cd_low), shuffle<Take::high_pairs>(ab_low, cd_low),
            shuffle<Take::low_pairs>(ab_high, cd_high), shuffle<Take::high_pairs>(ab_high, cd_high)};
        for (int i = 0; i < 4; ++i) std::memcpy(&tile[k + i][e], &columns[i], sizeof(detail::Lanes));
      } else {
        for (int i = 0; i < 4; ++i) {
          for (int lane = 0; lane < kHostLanes; ++lane) {
            const bool inside = e + lane < extent && k + i < depth;
            tile[k + i][e + lane] = inside ? from[(e + lane) * stride + k + i] : 0.f;
          }
        }
      }
    }
  }
}

}  // namespace duel
