// The activations of linear layers on rows of registers: `value` of the argument, and `gradient`: dL/dargument of the
// activation's value y and dL/dy.
#pragma once

#include "kernels/device/vector_math.cuh"

namespace duel {

struct LeakyRelu {
  float slope;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> value(const RegisterRow<kCount>& a) const {
    return leaky(a, a, slope);
  }
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> gradient(const RegisterRow<kCount>& y,
                                                          const RegisterRow<kCount>& dy) const {
    return leaky(y, dy, slope);
  }
};

struct Tanh {
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> value(const RegisterRow<kCount>& a) const {
    return tanh_of(a);
  }
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> gradient(const RegisterRow<kCount>& y,
                                                          const RegisterRow<kCount>& dy) const {
    return dy * (RegisterRow<kCount>::filled(1.f) - y * y);
  }
};

struct Sigmoid {
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> value(const RegisterRow<kCount>& a) const {
    return sigmoid_of(a);
  }
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> gradient(const RegisterRow<kCount>& y,
                                                          const RegisterRow<kCount>& dy) const {
    return dy * (y * (RegisterRow<kCount>::filled(1.f) - y));
  }
};

}  // namespace duel
