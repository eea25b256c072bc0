// The variant of linear_tanh that no other layer has, where the build has cuDNN.
#pragma once

#include "kernels/ops/linear_tanh/linear_tanh.h"

namespace duel {

bool linear_tanh_forward_cudnn_supports(const LinearTanhForward<float>& arguments, const Device& device);
void linear_tanh_forward_cudnn(const LinearTanhForward<float>& arguments, StreamView stream);

}  // namespace duel
