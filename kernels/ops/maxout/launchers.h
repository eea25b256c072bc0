#pragma once

#include "kernels/ops/maxout/maxout.h"

namespace duel {

void maxout_forward_lanes(const MaxoutForward<float>& arguments, StreamView stream);
void maxout_backward_lanes(const MaxoutBackward<float>& arguments, StreamView stream);
void maxout_tangent_lanes(const MaxoutTangent<float>& arguments, StreamView stream);
// Host builds only.
void maxout_forward_one_thread(const MaxoutForward<float>& arguments, StreamView stream);
void maxout_backward_one_thread(const MaxoutBackward<float>& arguments, StreamView stream);
void maxout_tangent_one_thread(const MaxoutTangent<float>& arguments, StreamView stream);

}  // namespace duel
