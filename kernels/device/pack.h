// How a lone thread of the CPU device fills its shared tiles: whole vectors instead of four values per thread.
// Host builds only.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

#include "kernels/device/register_row.cuh"

namespace duel {

/// Lines of an operand by number: where each begins. Null: it is zeros.
struct EvenLines {
  const float* first;
  std::size_t stride;
  const float* operator()(int i) const { return first + i * stride; }
};

/// tile[r][c] = lines(r)[c] for r < rows, c < columns; zero elsewhere in the first `fill` rows.
template <int kRows, int kColumns, class Lines>
void pack_rows(float (&tile)[kRows][kColumns], const Lines& lines, int rows, int columns, int fill = kRows) {
  for (int r = 0; r < fill; ++r) {
    const float* const line = r < rows ? lines(r) : nullptr;
    const auto row = line ? load_row<kColumns>(line, columns) : RegisterRow<kColumns>::filled(0.f);
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

// Four values from number k on of each of the lines first, first + 4, first + 8, ...
template <class Lines>
Lanes every_fourth_line(const Lines& lines, int first, int k) {
  Lanes lanes;
  for (int group = 0; group < kHostLanes / 4; ++group) {
    std::memcpy(reinterpret_cast<float*>(&lanes) + 4 * group, lines(first + 4 * group) + k, 4 * sizeof(float));
  }
  return lanes;
}

}  // namespace detail

/// tile[k][e] = lines(e)[k] for e < extent, k < depth; zero elsewhere in the first `fill` rows. No line is null.
template <int kDepth, int kExtent, class Lines>
void pack_transposed(float (&tile)[kDepth][kExtent], const Lines& lines, int extent, int depth, int fill = kDepth) {
  using detail::shuffle;
  using detail::Take;
  static_assert(kExtent % kHostLanes == 0 && kDepth % 4 == 0);
  for (int e = 0; e < kExtent; e += kHostLanes) {
    for (int k = 0; k < fill; k += 4) {
      if (e + kHostLanes <= extent && k + 4 <= depth) {  // a 4 x 4 transposition in each group of four lanes
        const auto a = detail::every_fourth_line(lines, e, k), b = detail::every_fourth_line(lines, e + 1, k);
        const auto c = detail::every_fourth_line(lines, e + 2, k), d = detail::every_fourth_line(lines, e + 3, k);
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
            tile[k + i][e + lane] = inside ? lines(e + lane)[k + i] : 0.f;
          }
        }
      }
    }
  }
}

}  // namespace duel
