// Maxout in two kernels: the product with its bias, then the largest piece of every unit. The pieces cannot meet in the
// product's epilogue: no tile's columns are a multiple of every number of pieces. Backward in three: d_linear and db by
// columns, then dW and dX.
#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear/tiles.cuh"
#include "kernels/ops/linear_maxout/launchers.h"
#include "kernels/ops/linear_maxout/pieces.cuh"

namespace duel {
namespace {

template <class Shape>
void launch_linear(const LinearMaxoutForward<float>& a, StreamView stream) {
  launch_linear_forward<Shape>(a.input, a.weight, a.linear, AddBias{a.bias.data}, stream);
}

template <int kThreads, int kColumns>
void backward(LaunchProduct launch_product, const LinearMaxoutBackward<float>& a, StreamView stream) {
  launch_to_winners<kThreads, kColumns>(a, stream);
  launch_linear_gradients(launch_product, a, stream);
}

}  // namespace

void linear_maxout_forward_tiles(const LinearMaxoutForward<float>& a, StreamView stream) {
  launch_linear<GpuForwardShape>(a, stream);
  launch_largest_piece<256, 1>(a, stream);
}
void linear_maxout_backward_tiles(const LinearMaxoutBackward<float>& a, StreamView stream) {
  backward<256, 32>(launch_gpu_tiles, a, stream);
}

#ifndef __CUDACC__
void linear_maxout_forward_one_thread(const LinearMaxoutForward<float>& a, StreamView stream) {
  launch_linear<CpuForwardShape>(a, stream);
  launch_largest_piece<1, 1024>(a, stream);
}
void linear_maxout_backward_one_thread(const LinearMaxoutBackward<float>& a, StreamView stream) {
  backward<1, 64>(launch_one_thread_tiles, a, stream);
}
#endif

}  // namespace duel
