// The two products of every linear layer's backward pass. Shared by the ops whose layers have one; not an op itself.
#pragma once

#include "kernels/linear/product.h"

namespace duel {

/// A product of a backward pass (b is not transposed) by the GPU's tiles, or by one thread per block (host builds
/// only).
void launch_gpu_tiles(const Product& product, StreamView stream);
void launch_one_thread_tiles(const Product& product, StreamView stream);

/// Both products, as far as the arguments of a layer's backward pass ask for them; their d_linear must be complete.
template <class Arguments>
void launch_linear_gradients(LaunchProduct launch_product, const Arguments& a, StreamView stream) {
  if (a.d_weight) launch_product(weight_gradient_product(a.d_linear, a.input, a.d_weight), stream);
  if (a.d_input) launch_product(input_gradient_product(a.d_linear, a.weight, a.d_input), stream);
}

}  // namespace duel
