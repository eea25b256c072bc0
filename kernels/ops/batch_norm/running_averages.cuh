// How kernels of batch norm move the running averages.
#pragma once

#include <cuda_runtime.h>

namespace duel {

/// Of a feature or channel of an op's arguments, with `count` values of this mean and biased variance.
template <class Arguments>
__device__ __forceinline__ void move_running_averages(const Arguments& a, int feature, float mean, float variance,
                                                      int count) {
  if (!(a.momentum > 0.f)) return;
  const float unbiased = count > 1 ? static_cast<float>(count) / static_cast<float>(count - 1) : 1.f;
  a.running_mean.data[feature] = a.running_mean.data[feature] * (1.f - a.momentum) + mean * a.momentum;
  a.running_variance.data[feature] =
      a.running_variance.data[feature] * (1.f - a.momentum) + variance * (a.momentum * unbiased);
}

}  // namespace duel
