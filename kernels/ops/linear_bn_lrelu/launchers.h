// The variants of linear_bn_lrelu, for its table.
#pragma once

#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

namespace duel {

void linear_bn_lrelu_forward_tiles(const LinearBnLreluForward<float>& arguments, StreamView stream);
void linear_bn_lrelu_backward_tiles(const LinearBnLreluBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_bn_lrelu_forward_one_thread(const LinearBnLreluForward<float>& arguments, StreamView stream);
void linear_bn_lrelu_backward_one_thread(const LinearBnLreluBackward<float>& arguments, StreamView stream);
// Where the build has a library for products (kernels/linear/library.h).
void linear_bn_lrelu_forward_library(const LinearBnLreluForward<float>& arguments, StreamView stream);
void linear_bn_lrelu_backward_library(const LinearBnLreluBackward<float>& arguments, StreamView stream);
// Where it has cuDNN.
bool linear_bn_lrelu_forward_cudnn_supports(const LinearBnLreluForward<float>& arguments, const Device& device);
void linear_bn_lrelu_forward_cudnn(const LinearBnLreluForward<float>& arguments, StreamView stream);

}  // namespace duel
