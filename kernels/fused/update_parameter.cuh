// The end of every kernel that has a parameter's gradient in registers.
#pragma once

#include "kernels/fused/block_product.cuh"
#include "kernels/fused/parameter.h"
#include "kernels/optimizers/update_row.cuh"

namespace duel {

/// Updates the `valid` values from element i on, where there is an optimizer, and keeps their gradient where it is
/// asked for. `vectorized`: rows of all the parameter's tensors are aligned to 16 bytes.
template <int kCount, int kRank>
__device__ __forceinline__ void update_parameter(const FusedParameter<float, kRank>& p, std::size_t i, int valid,
                                                 bool vectorized, const RegisterRow<kCount>& gradient,
                                                 const Optimizer::Step<float>& step) {
  step.with([&](auto unit, const auto& unit_step) {
    update_row<decltype(unit)>(p.value, p.state, i, valid, vectorized, gradient, unit_step);
  });
  if (p.gradient) store_row(p.gradient.data + i, gradient, valid, vectorized);
}

/// A single value.
__device__ __forceinline__ void update_parameter(const FusedParameter<float, 1>& p, int i, float gradient,
                                                 const Optimizer::Step<float>& step) {
  update_parameter(p, static_cast<std::size_t>(i), 1, false, RegisterRow<1>::filled(gradient), step);
}

/// On a CPU: fetches what the update of a row from element i on will read and write.
template <int kCount>
__device__ __forceinline__ void fetch_parameter(const FusedParameter<float, 2>& p, std::size_t i) {
  if (p.value) fetch_row<kCount>(p.value.data + i);
#pragma unroll
  for (const auto& state : p.state) {
    if (state) fetch_row<kCount>(state.data + i);
  }
}

/// Whether all rows of all its tensors start at multiples of 16 bytes.
__device__ __forceinline__ bool is_vectorized(const FusedParameter<float, 2>& p) {
  bool is = (!p.value || is_vectorized(p.value)) && (!p.gradient || is_vectorized(p.gradient));
#pragma unroll
  for (const auto& state : p.state) is = is && (!state || is_vectorized(state));
  return is;
}

__device__ __forceinline__ Optimizer::Step<float> step_of(const FusedOptimizer& optimizer) {
  if (!optimizer.progress) return {Optimizer::Step<float>::kNone, {}};
  return optimizer.settings.step<float>(optimizer.progress.data[0]);
}

}  // namespace duel
