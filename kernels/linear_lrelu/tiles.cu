// Linear + LeakyReLU: the tiled product with bias and activation in its epilogue; backward in three kernels: dA and db
// by columns, then dW and dX.
#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/forward.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear_lrelu/launchers.h"

namespace duel {
namespace {

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

template <class Shape>
void forward(const LinearLreluForward<float>& a, StreamView stream) {
  launch_linear_forward<Shape>(a.input, a.weight, a.output, BiasLrelu{a.bias.data, a.slope}, stream);
}

template <Tiling kTiling, int kThreads, int kColumns>
void backward(const LinearLreluBackward<float>& a, StreamView stream) {
  launch_activation_backward<kThreads, kColumns>(a.output, a.d_output, a.d_linear, a.d_bias, LreluGradient{a.slope},
                                                 stream);
  launch_linear_gradients(kTiling, a, stream);
}

}  // namespace

void linear_lrelu_forward_tiles(const LinearLreluForward<float>& a, StreamView stream) {
  forward<GpuForwardShape>(a, stream);
}
void linear_lrelu_backward_tiles(const LinearLreluBackward<float>& a, StreamView stream) {
  backward<Tiling::gpu, 256, 32>(a, stream);
}

#ifndef __CUDACC__
void linear_lrelu_forward_one_thread(const LinearLreluForward<float>& a, StreamView stream) {
  forward<CpuForwardShape>(a, stream);
}
void linear_lrelu_backward_one_thread(const LinearLreluBackward<float>& a, StreamView stream) {
  backward<Tiling::one_thread, 1, 64>(a, stream);
}
#endif

}  // namespace duel
