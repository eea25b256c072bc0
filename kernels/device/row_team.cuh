// Threads that share a row or a vector in memory.
#pragma once

#include "kernels/device/register_row.cuh"

namespace duel {

/// A warp, whose lanes take neighbouring values; of a block of one thread that one, which takes many at a time. Of
/// `kTeam` threads that share a vector likewise.
template <int kTeam>
struct RowTeam {
  static constexpr int kWidth = kTeam == 1 ? 64 : 1;
  using Values = RegisterRow<kWidth>;

  /// f(i, count - i) for every piece of kWidth values that belongs to this thread.
  template <class Function>
  static __device__ __forceinline__ void for_each_piece(int count, Function f) {
    const int first = static_cast<int>(threadIdx.x) % kTeam * kWidth;
#pragma unroll 4
    for (int i = first; i < count; i += kTeam * kWidth) f(i, count - i);
  }

  /// This thread's share of the product of two vectors.
  static __device__ __forceinline__ float product(const float* a, const float* b, int count) {
    Values sum = Values::filled(0.f);
    for_each_piece(
        count, [&](int i, int valid) { sum = sum + load_row<kWidth>(a + i, valid) * load_row<kWidth>(b + i, valid); });
    return total(sum);
  }
};

}  // namespace duel
