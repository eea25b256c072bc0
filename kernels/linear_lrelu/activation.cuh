// Bias and activation of linear_lrelu, and its derivative, on rows of registers.
#pragma once

#include "kernels/device/register_row.cuh"

namespace duel {

struct BiasLrelu {
  const float* bias;
  float slope;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& sums, int column,
                                                            int valid) const {
    const auto a = sums + load_row<kCount>(bias + column, valid);
    return leaky(a, a, slope);
  }
};

struct LreluGradient {
  float slope;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& y,
                                                            const RegisterRow<kCount>& dy) const {
    return leaky(y, dy, slope);
  }
};

}  // namespace duel
