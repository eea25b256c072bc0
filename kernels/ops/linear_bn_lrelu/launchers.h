// The variants of linear_bn_lrelu, for its table.
#pragma once

#include "kernels/ops/linear_bn_lrelu/linear_bn_lrelu.h"

namespace duel {

void linear_bn_lrelu_forward_tiles(const LinearBnLreluForward<float>& arguments, StreamView stream);
void linear_bn_lrelu_backward_tiles(const LinearBnLreluBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_bn_lrelu_forward_one_thread(const LinearBnLreluForward<float>& arguments, StreamView stream);
void linear_bn_lrelu_backward_one_thread(const LinearBnLreluBackward<float>& arguments, StreamView stream);

}  // namespace duel
