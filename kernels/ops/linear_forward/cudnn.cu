// linear_forward by cuBLASLt's product and cuDNN's batch norm, tanh or sigmoid. cuDNN normalises with scale 1 and shift
// 0, so that x̂ is there for the backward pass; kernels of ours add the bias before, and apply gamma, beta and LeakyReLU
// after.
#include "kernels/libraries/cudnn.h"

#include "kernels/libraries/library.h"
#include "kernels/libraries/rows.cuh"
#include "kernels/ops/linear_forward/finish.cuh"
#include "kernels/ops/linear_forward/launchers.h"

namespace duel {
namespace {

// y = f(y), row by row: `valid` values of row r.
template <class Function>
__device__ __forceinline__ void change_output(const LinearForward<float>& a, Function f) {
  for_each_row_of_block(a.weight.rows, [&](int r) {
    float* const y = a.output.data + static_cast<std::size_t>(r) * a.output.columns + a.first_column;
    LibraryLanes::for_each_piece(a.input.columns, [&](int c, int valid) {
      store_row(y + c, f(r, c, valid, load_row<LibraryLanes::kWidth>(y + c, valid)), valid, false);
    });
  });
}

__global__ void __launch_bounds__(kRowThreads) add_bias_kernel(const __grid_constant__ LinearForward<float> a) {
  change_output(a, [&](int r, int, int, const auto& y) { return y + LibraryLanes::Row::filled(a.bias.data[r]); });
}

__global__ void __launch_bounds__(kRowThreads) scale_and_shift_kernel(const __grid_constant__ LinearForward<float> a) {
  using Row = LibraryLanes::Row;
  change_output(a, [&](int r, int c, int valid, const auto&) {
    const float* const x = a.normalized.data + static_cast<std::size_t>(r) * a.input.columns + c;
    const Row y = load_row<LibraryLanes::kWidth>(x, valid) * Row::filled(a.gamma.data[r]) + Row::filled(a.beta.data[r]);
    return leaky(y, y, a.slope);
  });
}

}  // namespace

// A single sample has no unbiased variance: what cuDNN makes of it is not our contract's 0. It has no LeakyReLU.
bool linear_forward_cudnn_supports(const LinearForward<float>& a, const Device& device) {
  if (!supports_cudnn(device, a.output)) return false;
  if (!a.gamma) return a.activation != Activation::leaky_relu && !a.head_weight && a.first_column % 4 == 0;
  return owns_rows(a) &&
         supports_cudnn(device, a.normalized, a.running_mean, a.running_variance, a.inverse_deviation) &&
         a.input.columns >= 2 && a.weight.rows <= kCudnnLargestFeatures &&
         static_cast<double>(a.eps) >= cudnn_smallest_eps();
}

void linear_forward_cudnn(const LinearForward<float>& a, StreamView stream) {
  const CudnnMatrix output{a.output.data + a.first_column, a.weight.rows, a.input.columns, a.output.columns};
  launch_library_product(
      {.a = factor(a.weight), .b = factor(a.input), .result = output.data, .result_stride = output.stride}, stream);
  launch(stream, row_blocks(a.weight.rows), add_bias_kernel, a);
  if (!a.gamma) return launch_cudnn_activation(a.activation, output, stream);
  launch_cudnn_batch_norm(
      {output, a.eps, a.momentum, a.running_mean, a.running_variance, a.normalized, a.inverse_deviation}, stream);
  launch(stream, row_blocks(a.weight.rows), scale_and_shift_kernel, a);
}

}  // namespace duel
