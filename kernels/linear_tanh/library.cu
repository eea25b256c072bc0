// linear_tanh with a library's products: bias and activation in a kernel behind the product; dA and db by columns
// before the two products of the backward pass.
#include "kernels/linear/library.h"

#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear_tanh/activation.cuh"
#include "kernels/linear_tanh/launchers.h"

namespace duel {

void linear_tanh_forward_library(const LinearTanhForward<float>& a, StreamView stream) {
  launch_library_product(output_product(a.input, a.weight, a.output), stream);
  launch_epilogue(a.output, a.output, BiasTanh{a.bias.data}, stream);
}

void linear_tanh_backward_library(const LinearTanhBackward<float>& a, StreamView stream) {
  launch_activation_backward<kColumnThreads, kColumnsPerBlock>(a.output, a.d_output, a.d_linear, a.d_bias,
                                                               TanhGradient{}, stream);
  launch_linear_gradients(launch_library_product, a, stream);
}

}  // namespace duel
