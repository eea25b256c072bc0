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

}  // namespace duel
