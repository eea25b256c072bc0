#pragma once

#include "kernels/ops/fused_maxout/fused_maxout.h"

namespace duel {

void fused_maxout_forward_lanes(const FusedMaxoutForward<float>& arguments, StreamView stream);
void fused_maxout_backward_lanes(const FusedMaxoutBackward<float>& arguments, StreamView stream);
// Host builds only.
void fused_maxout_forward_one_thread(const FusedMaxoutForward<float>& arguments, StreamView stream);
void fused_maxout_backward_one_thread(const FusedMaxoutBackward<float>& arguments, StreamView stream);

}  // namespace duel
