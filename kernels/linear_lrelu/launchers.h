// The variants of linear_lrelu, for its table.
#pragma once

#include "kernels/linear_lrelu/linear_lrelu.h"

namespace duel {

void linear_lrelu_forward_tiles(const LinearLreluForward<float>& arguments, StreamView stream);
void linear_lrelu_backward_tiles(const LinearLreluBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_lrelu_forward_one_thread(const LinearLreluForward<float>& arguments, StreamView stream);
void linear_lrelu_backward_one_thread(const LinearLreluBackward<float>& arguments, StreamView stream);
// Where the build has a library for products (kernels/linear/library.h).
void linear_lrelu_forward_library(const LinearLreluForward<float>& arguments, StreamView stream);
void linear_lrelu_backward_library(const LinearLreluBackward<float>& arguments, StreamView stream);

}  // namespace duel
