// Linear + Tanh, the generator's head: the tiled product with bias and tanh in its epilogue; backward in three kernels:
// dA = dY (1 - Y²) and db by columns, then dW and dX.
#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear/tiles.cuh"
#include "kernels/linear_tanh/activation.cuh"
#include "kernels/linear_tanh/launchers.h"

namespace duel {
namespace {

template <class Shape>
void forward(const LinearTanhForward<float>& a, StreamView stream) {
  launch_linear_forward<Shape>(a.input, a.weight, a.output, BiasTanh{a.bias.data}, stream);
}

template <int kThreads, int kColumns>
void backward(LaunchProduct launch_product, const LinearTanhBackward<float>& a, StreamView stream) {
  launch_activation_backward<kThreads, kColumns>(a.output, a.d_output, a.d_linear, a.d_bias, TanhGradient{}, stream);
  launch_linear_gradients(launch_product, a, stream);
}

}  // namespace

void linear_tanh_forward_tiles(const LinearTanhForward<float>& a, StreamView stream) {
  forward<GpuForwardShape>(a, stream);
}
void linear_tanh_backward_tiles(const LinearTanhBackward<float>& a, StreamView stream) {
  backward<256, 32>(launch_gpu_tiles, a, stream);
}

#ifndef __CUDACC__
void linear_tanh_forward_one_thread(const LinearTanhForward<float>& a, StreamView stream) {
  forward<CpuForwardShape>(a, stream);
}
void linear_tanh_backward_one_thread(const LinearTanhBackward<float>& a, StreamView stream) {
  backward<1, 64>(launch_one_thread_tiles, a, stream);
}
#endif

}  // namespace duel
