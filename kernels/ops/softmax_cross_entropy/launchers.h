// The variants of softmax_cross_entropy, for its table.
#pragma once

#include "kernels/ops/softmax_cross_entropy/softmax_cross_entropy.h"

namespace duel {

void softmax_cross_entropy_lanes(const SoftmaxCrossEntropy<float>& arguments, StreamView stream);
// Host builds only.
void softmax_cross_entropy_one_thread(const SoftmaxCrossEntropy<float>& arguments, StreamView stream);

}  // namespace duel
