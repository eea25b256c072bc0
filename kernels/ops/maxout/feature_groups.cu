// A lane owns four neighbouring units of a sample, all their pieces: one call of Philox. Memory decides.
#include "kernels/device/programmatic_launch.cuh"
#include "kernels/ops/dropout/feature_groups.cuh"
#include "kernels/ops/maxout/launchers.h"

namespace duel {
namespace {

// d at the winner, 0 at the other pieces of a unit, for `count` samples from `begin` on, of rows of `columns` samples.
template <class Gradient>
__device__ __forceinline__ void put_to_winners(float* begin, int pieces, int columns, int count,
                                               const std::uint8_t* __restrict__ winner, Gradient d) {
  for (int piece = 0; piece < pieces; ++piece) {
    float* const to = begin + static_cast<std::size_t>(piece) * columns;
    for (int i = 0; i < count; ++i) to[i] = winner[i] == piece ? d(i) : 0.f;
  }
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) maxout_forward_kernel(const __grid_constant__ MaxoutForward<float> a) {
  begin_overlapping_kernel();
  using Groups = FeatureGroups<kThreads>;
  const int units = a.output.rows, columns = a.output.columns, pieces = a.pieces;
  Groups::for_each(units, columns, [&](int first, int column, int count) {
    const typename Groups::Kept kept(a.mask, first, column, count);
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      const int unit = first + k;
      if (unit >= units) continue;
      const std::size_t first_piece = static_cast<std::size_t>(unit) * pieces * columns + column;
      float largest[Groups::kWidth];
      std::uint8_t best[Groups::kWidth];
      for (int i = 0; i < count; ++i) {
        largest[i] = a.linear.data[first_piece + i];
        best[i] = 0;
      }
      for (int piece = 1; piece < pieces; ++piece) {
        const float* const values = a.linear.data + first_piece + static_cast<std::size_t>(piece) * columns;
        for (int i = 0; i < count; ++i) {
          const float value = values[i], before = largest[i];
          const bool wins = !(value <= before) && before == before;  // larger, or the first NaN
          largest[i] = wins ? value : before;
          best[i] = wins ? static_cast<std::uint8_t>(piece) : best[i];
        }
      }
      const std::size_t begin = static_cast<std::size_t>(unit) * columns + column;
      for (int i = 0; i < count; ++i) {
        a.output.data[begin + i] = kept.value(k, i, largest[i]);
        a.winner.data[begin + i] = best[i];
      }
      if (!a.head_weight) continue;
      const float weight = a.head_weight.data[unit];
      put_to_winners(a.unit_gradient.data + first_piece, pieces, columns, count, best,
                     [&](int i) { return kept.value(k, i, weight); });
    }
  });
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) maxout_backward_kernel(const __grid_constant__ MaxoutBackward<float> a) {
  begin_overlapping_kernel();
  using Groups = FeatureGroups<kThreads>;
  const int units = a.d_output.rows, columns = a.d_output.columns;
  Groups::for_each(units, columns, [&](int first, int column, int count) {
    const typename Groups::Kept kept(a.mask, first, column, count);
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      const int unit = first + k;
      if (unit >= units) continue;
      const std::size_t begin = static_cast<std::size_t>(unit) * columns + column;
      float d[Groups::kWidth];
      for (int i = 0; i < count; ++i) d[i] = kept.value(k, i, a.d_output.data[begin + i]);
      put_to_winners(a.d_linear.data + static_cast<std::size_t>(unit) * a.pieces * columns + column, a.pieces, columns,
                     count, a.winner.data + begin, [&](int i) { return d[i]; });
    }
  });
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) maxout_tangent_kernel(const __grid_constant__ MaxoutTangent<float> a) {
  begin_overlapping_kernel();
  using Groups = FeatureGroups<kThreads>;
  const int units = a.output.rows, columns = a.output.columns;
  Groups::for_each(units, columns - a.first_column, [&](int first, int sample, int count) {
    const int column = a.first_column + sample;
    const typename Groups::Kept kept(a.mask, first, column, count);
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      const int unit = first + k;
      if (unit >= units) continue;
      const std::size_t begin = static_cast<std::size_t>(unit) * columns + column;
      const float* const directions = a.linear.data + static_cast<std::size_t>(unit) * a.pieces * columns + column;
      for (int i = 0; i < count; ++i) {
        const std::size_t winner = a.winner.data[begin + i];
        a.output.data[begin + i] = kept.value(k, i, directions[winner * columns + i]);
      }
    }
  });
}

template <int kThreads>
void launch_maxout_forward(const MaxoutForward<float>& a, StreamView stream) {
  launch(stream,
         {.grid = FeatureGroups<kThreads>::grid(a.output.rows, a.output.columns),
          .block = kThreads,
          .overlaps_previous = true},
         maxout_forward_kernel<kThreads>, a);
}
template <int kThreads>
void launch_maxout_backward(const MaxoutBackward<float>& a, StreamView stream) {
  launch(stream,
         {.grid = FeatureGroups<kThreads>::grid(a.d_output.rows, a.d_output.columns),
          .block = kThreads,
          .overlaps_previous = true},
         maxout_backward_kernel<kThreads>, a);
}
template <int kThreads>
void launch_maxout_tangent(const MaxoutTangent<float>& a, StreamView stream) {
  launch(stream,
         {.grid = FeatureGroups<kThreads>::grid(a.output.rows, a.output.columns - a.first_column),
          .block = kThreads,
          .overlaps_previous = true},
         maxout_tangent_kernel<kThreads>, a);
}

}  // namespace

void maxout_forward_lanes(const MaxoutForward<float>& a, StreamView stream) {
  launch_maxout_forward<128>(a, stream);
}
void maxout_backward_lanes(const MaxoutBackward<float>& a, StreamView stream) {
  launch_maxout_backward<128>(a, stream);
}
void maxout_tangent_lanes(const MaxoutTangent<float>& a, StreamView stream) {
  launch_maxout_tangent<128>(a, stream);
}
#ifndef __CUDACC__
void maxout_forward_one_thread(const MaxoutForward<float>& a, StreamView stream) {
  launch_maxout_forward<1>(a, stream);
}
void maxout_backward_one_thread(const MaxoutBackward<float>& a, StreamView stream) {
  launch_maxout_backward<1>(a, stream);
}
void maxout_tangent_one_thread(const MaxoutTangent<float>& a, StreamView stream) {
  launch_maxout_tangent<1>(a, stream);
}
#endif

}  // namespace duel
