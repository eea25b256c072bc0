// Bias and activation of linear_tanh, and its derivative, on rows of registers.
#pragma once

#include "kernels/device/vector_math.cuh"

namespace duel {

struct BiasTanh {
  const float* bias;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& sums, int column,
                                                            int valid) const {
    const auto a = sums + load_row<kCount>(bias + column, valid);
    return tanh_of(a);
  }
};

struct TanhGradient {
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& y,
                                                            const RegisterRow<kCount>& dy) const {
    return dy * (RegisterRow<kCount>::filled(1.f) - y * y);
  }
};

}  // namespace duel
