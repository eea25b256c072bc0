// The variants of linear_maxout, for its table.
#pragma once

#include "kernels/ops/linear_maxout/linear_maxout.h"

namespace duel {

void linear_maxout_forward_tiles(const LinearMaxoutForward<float>& arguments, StreamView stream);
void linear_maxout_backward_tiles(const LinearMaxoutBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_maxout_forward_one_thread(const LinearMaxoutForward<float>& arguments, StreamView stream);
void linear_maxout_backward_one_thread(const LinearMaxoutBackward<float>& arguments, StreamView stream);

}  // namespace duel
