#pragma once

#include "kernels/ops/linear_forward/linear_forward.h"

namespace duel {

void linear_forward_tiles(const LinearForward<float>& arguments, StreamView stream);
void linear_forward_split_depth(const LinearForward<float>& arguments, StreamView stream);
void linear_forward_deep_split_depth(const LinearForward<float>& arguments, StreamView stream);
void linear_forward_tf32(const LinearForward<float>& arguments, StreamView stream);
void linear_forward_bf16(const LinearForward<float>& arguments, StreamView stream);
void linear_forward_fp16(const LinearForward<float>& arguments, StreamView stream);
void linear_forward_one_thread(const LinearForward<float>& arguments, StreamView stream);  // host builds only
void linear_forward_library(const LinearForward<float>& arguments, StreamView stream);  // kernels/libraries/library.h
bool linear_forward_cudnn_supports(const LinearForward<float>& arguments, const Device& device);
void linear_forward_cudnn(const LinearForward<float>& arguments, StreamView stream);  // where the build has cuDNN

}  // namespace duel
