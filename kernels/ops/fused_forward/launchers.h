#pragma once

#include "kernels/ops/fused_forward/fused_forward.h"

namespace duel {

void fused_forward_tiles(const FusedForward<float>& arguments, StreamView stream);
void fused_forward_split_depth(const FusedForward<float>& arguments, StreamView stream);
void fused_forward_deep_split_depth(const FusedForward<float>& arguments, StreamView stream);
void fused_forward_tf32(const FusedForward<float>& arguments, StreamView stream);
void fused_forward_bf16(const FusedForward<float>& arguments, StreamView stream);
void fused_forward_fp16(const FusedForward<float>& arguments, StreamView stream);
void fused_forward_one_thread(const FusedForward<float>& arguments, StreamView stream);  // host builds only
void fused_forward_library(const FusedForward<float>& arguments, StreamView stream);     // kernels/libraries/library.h
bool fused_forward_cudnn_supports(const FusedForward<float>& arguments, const Device& device);
void fused_forward_cudnn(const FusedForward<float>& arguments, StreamView stream);  // where the build has cuDNN

}  // namespace duel
