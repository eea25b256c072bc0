// Linear + Tanh, the generator's head: the tiled product with bias and tanh in its epilogue; backward in three kernels:
// dA = dY (1 - Y²) and db by columns, then dW and dX.
#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/forward.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear_tanh/launchers.h"

namespace duel {
namespace {

struct BiasTanh {
  const float* bias;

  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& sums, int column,
                                                            int valid) const {
    const auto a = sums + load_row<kCount>(bias + column, valid);
    return transform(a, [](int, float x) { return tanhf(x); });
  }
};

struct TanhGradient {
  template <int kCount>
  __device__ __forceinline__ RegisterRow<kCount> operator()(const RegisterRow<kCount>& y,
                                                            const RegisterRow<kCount>& dy) const {
    return dy * (RegisterRow<kCount>::filled(1.f) - y * y);
  }
};

template <class Shape>
void forward(const LinearTanhForward<float>& a, StreamView stream) {
  launch_linear_forward<Shape>(a.input, a.weight, a.output, BiasTanh{a.bias.data}, stream);
}

template <Tiling kTiling, int kThreads, int kColumns>
void backward(const LinearTanhBackward<float>& a, StreamView stream) {
  launch_activation_backward<kThreads, kColumns>(a.output, a.d_output, a.d_linear, a.d_bias, TanhGradient{}, stream);
  launch_linear_gradients(kTiling, a, stream);
}

}  // namespace

void linear_tanh_forward_tiles(const LinearTanhForward<float>& a, StreamView stream) {
  forward<GpuForwardShape>(a, stream);
}
void linear_tanh_backward_tiles(const LinearTanhBackward<float>& a, StreamView stream) {
  backward<Tiling::gpu, 256, 32>(a, stream);
}

#ifndef __CUDACC__
void linear_tanh_forward_one_thread(const LinearTanhForward<float>& a, StreamView stream) {
  forward<CpuForwardShape>(a, stream);
}
void linear_tanh_backward_one_thread(const LinearTanhBackward<float>& a, StreamView stream) {
  backward<Tiling::one_thread, 1, 64>(a, stream);
}
#endif

}  // namespace duel
