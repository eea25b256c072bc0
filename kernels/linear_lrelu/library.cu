// linear_lrelu with a library's products: bias and activation in a kernel behind the product; dA and db by columns
// before the two products of the backward pass.
#include "kernels/linear/library.h"

#include "kernels/linear/activation_backward.cuh"
#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/gradients.h"
#include "kernels/linear_lrelu/activation.cuh"
#include "kernels/linear_lrelu/launchers.h"

namespace duel {

void linear_lrelu_forward_library(const LinearLreluForward<float>& a, StreamView stream) {
  launch_library_product(output_product(a.input, a.weight, a.output), stream);
  launch_epilogue(a.output, a.output, BiasLrelu{a.bias.data, a.slope}, stream);
}

void linear_lrelu_backward_library(const LinearLreluBackward<float>& a, StreamView stream) {
  launch_activation_backward<kColumnThreads, kColumnsPerBlock>(a.output, a.d_output, a.d_linear, a.d_bias,
                                                               LreluGradient{a.slope}, stream);
  launch_linear_gradients(launch_library_product, a, stream);
}

}  // namespace duel
