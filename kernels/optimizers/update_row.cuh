// The update of neighbouring parameters in registers, for every kernel that has their gradients there.
#pragma once

#include "kernels/device/vector_math.cuh"
#include "kernels/optimizers/optimizers.h"

namespace duel {

/// The nearest numbers from -limit to limit; NaN stays NaN.
template <int kCount>
__device__ __forceinline__ RegisterRow<kCount> within(const RegisterRow<kCount>& row, float limit) {
  return RegisterRow<kCount>::zip(row, row, [limit](auto x, auto) {
    const auto most = decltype(x){} + limit, least = decltype(x){} - limit, below = most < x ? most : x;
    return least > below ? least : below;
  });
}

/// Of the `valid` values from element i of `value`, which `limit` holds, and of the arrays of the unit's states.
/// `vectorized`: rows are aligned to 16 bytes.
template <class Unit, int kCount, class View>
__device__ __forceinline__ void update_row(const View& value, const View* state, std::size_t i, int valid,
                                           bool vectorized, const RegisterRow<kCount>& gradient,
                                           const typename Unit::template Step<float>& step, float limit) {
  using Row = RegisterRow<kCount>;
  constexpr int kStates = sizeof(Unit::kStates) / sizeof(Unit::kStates[0]);
  Row p = load_aligned_row<kCount>(value.data + i, valid, vectorized), states[kStates];
#pragma unroll
  for (int s = 0; s < kStates; ++s) states[s] = load_aligned_row<kCount>(state[s].data + i, valid, vectorized);
  step.update(p, states, gradient);
  store_row(value.data + i, within(p, limit), valid, vectorized);
#pragma unroll
  for (int s = 0; s < kStates; ++s) store_row(state[s].data + i, states[s], valid, vectorized);
}

}  // namespace duel
