// The variants of linear_tanh, for its table.
#pragma once

#include "kernels/linear_tanh/linear_tanh.h"

namespace duel {

void linear_tanh_forward_tiles(const LinearTanhForward<float>& arguments, StreamView stream);
void linear_tanh_backward_tiles(const LinearTanhBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_tanh_forward_one_thread(const LinearTanhForward<float>& arguments, StreamView stream);
void linear_tanh_backward_one_thread(const LinearTanhBackward<float>& arguments, StreamView stream);
// Where the build has a library for products (kernels/linear/library.h).
void linear_tanh_forward_library(const LinearTanhForward<float>& arguments, StreamView stream);
void linear_tanh_backward_library(const LinearTanhBackward<float>& arguments, StreamView stream);
// Where it has cuDNN.
bool linear_tanh_forward_cudnn_supports(const LinearTanhForward<float>& arguments, const Device& device);
void linear_tanh_forward_cudnn(const LinearTanhForward<float>& arguments, StreamView stream);

}  // namespace duel
