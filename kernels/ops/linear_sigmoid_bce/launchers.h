// The variants of linear_sigmoid_bce, for its table.
#pragma once

#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {

void linear_sigmoid_bce_forward_warps(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
void linear_sigmoid_bce_forward_threads(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
void linear_sigmoid_bce_backward_columns(const LinearSigmoidBceBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_sigmoid_bce_backward_one_thread(const LinearSigmoidBceBackward<float>& arguments, StreamView stream);
// Where the build has a library for products (kernels/linear/library.h).
void linear_sigmoid_bce_forward_library(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
void linear_sigmoid_bce_backward_library(const LinearSigmoidBceBackward<float>& arguments, StreamView stream);
// Where it has cuDNN.
bool linear_sigmoid_bce_forward_cudnn_supports(const LinearSigmoidBceForward<float>& arguments, const Device& device);
void linear_sigmoid_bce_forward_cudnn(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
// Where it has CUB.
void linear_sigmoid_bce_forward_cub(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
void linear_sigmoid_bce_backward_cub(const LinearSigmoidBceBackward<float>& arguments, StreamView stream);

}  // namespace duel
