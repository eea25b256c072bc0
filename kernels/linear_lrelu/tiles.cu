// Linear + LeakyReLU: the tiled product with bias and activation in its epilogue; backward in three kernels: dA and db
// by columns, then dW and dX.
#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear/tiles.cuh"
#include "kernels/linear_lrelu/activation.cuh"
#include "kernels/linear_lrelu/launchers.h"

namespace duel {
namespace {

template <class Shape>
void forward(const LinearLreluForward<float>& a, StreamView stream) {
  launch_linear_forward<Shape>(a.input, a.weight, a.output, BiasLrelu{a.bias.data, a.slope}, stream);
}

template <int kThreads, int kColumns>
void backward(LaunchProduct launch_product, const LinearLreluBackward<float>& a, StreamView stream) {
  launch_activation_backward<kThreads, kColumns>(a.output, a.d_output, a.d_linear, a.d_bias, LreluGradient{a.slope},
                                                 stream);
  launch_linear_gradients(launch_product, a, stream);
}

}  // namespace

void linear_lrelu_forward_tiles(const LinearLreluForward<float>& a, StreamView stream) {
  forward<GpuForwardShape>(a, stream);
}
void linear_lrelu_backward_tiles(const LinearLreluBackward<float>& a, StreamView stream) {
  backward<256, 32>(launch_gpu_tiles, a, stream);
}

#ifndef __CUDACC__
void linear_lrelu_forward_one_thread(const LinearLreluForward<float>& a, StreamView stream) {
  forward<CpuForwardShape>(a, stream);
}
void linear_lrelu_backward_one_thread(const LinearLreluBackward<float>& a, StreamView stream) {
  backward<1, 64>(launch_one_thread_tiles, a, stream);
}
#endif

}  // namespace duel
