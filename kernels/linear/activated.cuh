// The variants of layers y = f(x Wᵀ + b). Forward: a product with bias and f in its epilogue, or behind it where it is
// a library's. Backward, three kernels: dA = dY f'(Y) and db by columns, then dW and dX.
#pragma once

#include "kernels/activations/activations.h"
#include "kernels/device/vector_math.cuh"
#include "kernels/linear/activated.h"
#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/contract.h"
#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear/tiles.cuh"

namespace duel {

template <class Activation>
struct BiasAnd {
  const float* bias;
  Activation activation;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& sums, int column,
                                                            int valid) const {
    return activation.value(sums + load_row<kCount>(bias + column, valid));
  }
};
template <class Activation>
BiasAnd(const float*, Activation) -> BiasAnd<Activation>;

template <class Activation>
struct GradientOf {
  Activation activation;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& y,
                                                            const RegisterRow<kCount>& dy) const {
    return activation.gradient(y, dy);
  }
};
template <class Activation>
GradientOf(Activation) -> GradientOf<Activation>;

/// The activation of a layer's arguments. An op whose activation has parameters overloads it.
template <class Activation>
Activation activation_of(const ActivatedForward<Activation, float>&) {
  return {};
}
template <class Activation>
Activation activation_of(const ActivatedBackward<Activation, float>&) {
  return {};
}

template <class Arguments>
concept IsBackward = requires(const Arguments& a) {
  a.d_linear;
};

template <int kThreads, int kColumns, class Arguments>
void launch_activated_backward(LaunchProduct launch_product, const Arguments& a, StreamView stream) {
  launch_activation_backward<kThreads, kColumns>(a.output, a.d_output, a.d_linear, a.d_bias,
                                                 GradientOf{activation_of(a)}, stream);
  launch_linear_gradients(launch_product, a, stream);
}

template <class Arguments>
void activated_tiles(const Arguments& a, StreamView stream) {
  if constexpr (IsBackward<Arguments>) {
    launch_activated_backward<256, 32>(launch_gpu_tiles, a, stream);
  } else {
    launch_linear_forward<GpuForwardShape>(a.input, a.weight, a.output, BiasAnd{a.bias.data, activation_of(a)}, stream);
  }
}

#ifndef __CUDACC__
template <class Arguments>
void activated_one_thread(const Arguments& a, StreamView stream) {
  if constexpr (IsBackward<Arguments>) {
    launch_activated_backward<1, 64>(launch_one_thread_tiles, a, stream);
  } else {
    launch_linear_forward<CpuForwardShape>(a.input, a.weight, a.output, BiasAnd{a.bias.data, activation_of(a)}, stream);
  }
}
#endif

/// What an op's table points to: for explicit instantiation, `template struct ActivatedVariants<Arguments>;`.
template <class Arguments>
struct ActivatedVariants {
  static constexpr auto kTiles = activated_tiles<Arguments>;
#ifndef __CUDACC__
  static constexpr auto kOneThread = activated_one_thread<Arguments>;
#endif
};

}  // namespace duel
