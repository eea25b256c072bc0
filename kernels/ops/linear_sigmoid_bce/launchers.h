// The variants of linear_sigmoid_bce, for its table.
#pragma once

#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"

namespace duel {

void linear_sigmoid_bce_forward_warps(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
void linear_sigmoid_bce_forward_threads(const LinearSigmoidBceForward<float>& arguments, StreamView stream);
void linear_sigmoid_bce_backward_columns(const LinearSigmoidBceBackward<float>& arguments, StreamView stream);
// Host builds only.
void linear_sigmoid_bce_backward_one_thread(const LinearSigmoidBceBackward<float>& arguments, StreamView stream);

}  // namespace duel
