// The end of every kernel that has a parameter's gradient in registers.
#pragma once

#include "kernels/levels/block_product.cuh"
#include "kernels/levels/parameter.h"
#include "kernels/optimizers/update_row.cuh"

namespace duel {

/// What a kernel needs of a ParameterOptimizer.
struct UpdateStep : Optimizer::Step<float> {
  float limit;
};

/// Updates the `valid` values from element i on, where there is an optimizer, and keeps their gradient where it is
/// asked for. `vectorized`: rows of all the parameter's tensors are aligned to 16 bytes.
template <int kCount, int kRank>
__device__ __forceinline__ void update_parameter(const TrainedParameter<float, kRank>& p, std::size_t i, int valid,
                                                 bool vectorized, const RegisterRow<kCount>& gradient,
                                                 const UpdateStep& step) {
  step.with([&](auto unit, const auto& unit_step) {
    update_row<decltype(unit)>(p.value, p.state, i, valid, vectorized, gradient, unit_step, step.limit);
  });
  if (p.gradient) store_row(p.gradient.data + i, gradient, valid, vectorized);
}

/// A single value.
__device__ __forceinline__ void update_parameter(const TrainedParameter<float, 1>& p, int i, float gradient,
                                                 const UpdateStep& step) {
  update_parameter(p, static_cast<std::size_t>(i), 1, false, RegisterRow<1>::filled(gradient), step);
}

/// On a CPU: fetches what the update of a row will read and write. Without a branch, for it stands in the product's
/// loop: of an absent tensor it fetches the gradient's or the value's row once more.
template <int kCount>
class ParameterFetch {
 public:
  __device__ __forceinline__ explicit ParameterFetch(const TrainedParameter<float, 2>& p) {
    const float* const there = p.value ? p.value.data : p.gradient.data;
    tensors_[0] = there;
#pragma unroll
    for (int s = 0; s < kMostOptimizerStates; ++s) tensors_[s + 1] = p.state[s] ? p.state[s].data : there;
  }
  __device__ __forceinline__ void row(std::size_t i) const {
#pragma unroll
    for (const float* tensor : tensors_) fetch_row<kCount>(tensor + i);
  }

 private:
  const float* tensors_[1 + kMostOptimizerStates];
};

/// Whether all rows of all its tensors start at multiples of 16 bytes.
__device__ __forceinline__ bool is_vectorized(const TrainedParameter<float, 2>& p) {
  bool is = (!p.value || is_vectorized(p.value)) && (!p.gradient || is_vectorized(p.gradient));
#pragma unroll
  for (const auto& state : p.state) is = is && (!state || is_vectorized(state));
  return is;
}

__device__ __forceinline__ UpdateStep step_of(const ParameterOptimizer& optimizer) {
  if (!optimizer.progress) return {{UpdateStep::kNone, {}}, optimizer.limit};
  return {optimizer.settings.step<float>(optimizer.progress.data[0]), optimizer.limit};
}

}  // namespace duel
