// A block owns 32 neighbouring samples, a lane one of them; groups of threads share out the pixels. Memory decides.
#include "kernels/device/column_sum.cuh"
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/device/random.cuh"
#include "kernels/ops/gradient_penalty/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kSamples = 32;             // of a block
constexpr int kPixelsOfABlock = 112;     // of penalty_points: a seventh of a 28 x 28 image
constexpr int kOtherRowsOfABlock = 256;  // of penalty_terms
constexpr int kThreadsOfABlock = 256;

/// alpha of the samples from c on.
template <int kWidth>
__device__ __forceinline__ RegisterRow<kWidth> shares(const PenaltyPoints<float>& a, int c) {
  const auto share = [&](int i, float) {
    const int column = c + i;
    const RandomWords words = draw_words(a.seed, a.clock.data[0].iteration, kPenaltyDraw + a.draw, 0, column / 4);
    return uniform_open(words.word[column % 4]);
  };
  return transform(RegisterRow<kWidth>::filled(0.f), share);
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) penalty_points_kernel(const __grid_constant__ PenaltyPoints<float> a) {
  begin_overlapping_kernel();
  using Columns = ColumnSum<kThreads, kSamples>;
  constexpr int kWidth = Columns::kWidth;
  const int c = static_cast<int>(blockIdx.x) * kSamples + Columns::column(), valid = a.count - c;
  if (valid <= 0) return;
  const auto share = shares<kWidth>(a, c);
  const int first = static_cast<int>(blockIdx.y) * kPixelsOfABlock, end = first + kPixelsOfABlock;
  with_penalty(a.kind, [&](auto penalty) {
    for (int r = first + Columns::group(); r < end && r < a.images.rows; r += Columns::kGroups) {
      float* const real = a.images.data + static_cast<std::size_t>(r) * a.images.columns + c;
      float* const generated = real + a.count;
      const auto point = penalty.point(load_row<kWidth>(real, valid), load_row<kWidth>(generated, valid), share);
      store_row(generated + a.count, point, valid, false);
    }
  });
}

// The first of the blocks of the same samples has their terms, the others zero the rows without a part in g.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) penalty_terms_kernel(const __grid_constant__ PenaltyTerms<float> a) {
  begin_overlapping_kernel();
  using Sum = ColumnSum<kThreads, kSamples>;
  using Row = typename Sum::Row;
  __shared__ typename Sum::Partials partials;
  const int c = static_cast<int>(blockIdx.y) * kSamples + Sum::column(), valid = a.terms.rows - c;
  if (blockIdx.x > 0) {
    const int end = static_cast<int>(blockIdx.x) * kOtherRowsOfABlock, first = end - kOtherRowsOfABlock;
    for (int r = first + Sum::group(); valid > 0 && r < end && r < a.other_rows.rows; r += Sum::kGroups) {
      float* const others = a.other_rows.data + static_cast<std::size_t>(r) * a.other_rows.columns;
      store_row(others + a.other_rows.columns - a.terms.rows + c, Row::filled(0.f), valid, false);
    }
    return;
  }
  Row mine = Row::filled(0.f);
  if (valid > 0) {
    const float* const gradient = a.gradient.data + a.first_column + c;
    for (int r = Sum::group(); r < a.gradient.rows; r += Sum::kGroups) {
      mine.add_squares(load_row<Sum::kWidth>(gradient + static_cast<std::size_t>(r) * a.gradient.columns, valid));
    }
  }
  const Row squares = Sum::combine(partials, mine);
  if (Sum::group() != 0) return;
  with_penalty(a.kind, [&](auto penalty) {
#pragma unroll 1
    for (int i = 0; i < Sum::kWidth && i < valid; ++i) {
      const PenaltyTerm<float> term = penalty.of(squares.get(i));
      a.terms.data[c + i] = a.weight * term.value;
      a.factors.data[c + i] = a.weight * term.factor;
    }
  });
}

template <int kThreads>
void launch_points(const PenaltyPoints<float>& a, StreamView stream) {
  launch(stream,
         {.grid = dim3(blocks_for(a.count, kSamples), blocks_for(a.images.rows, kPixelsOfABlock)),
          .block = kThreads,
          .overlaps_previous = true},
         penalty_points_kernel<kThreads>, a);
}
template <int kThreads>
void launch_terms(const PenaltyTerms<float>& a, StreamView stream) {
  const unsigned of_others = a.other_rows ? blocks_for(a.other_rows.rows, kOtherRowsOfABlock) : 0;
  launch(
      stream,
      {.grid = dim3(1 + of_others, blocks_for(a.terms.rows, kSamples)), .block = kThreads, .overlaps_previous = true},
      penalty_terms_kernel<kThreads>, a);
}

}  // namespace

void penalty_points_lanes(const PenaltyPoints<float>& a, StreamView stream) {
  launch_points<kThreadsOfABlock>(a, stream);
}
void penalty_terms_lanes(const PenaltyTerms<float>& a, StreamView stream) {
  launch_terms<kThreadsOfABlock>(a, stream);
}
#ifndef __CUDACC__
void penalty_points_one_thread(const PenaltyPoints<float>& a, StreamView stream) {
  launch_points<1>(a, stream);
}
void penalty_terms_one_thread(const PenaltyTerms<float>& a, StreamView stream) {
  launch_terms<1>(a, stream);
}
#endif

}  // namespace duel
