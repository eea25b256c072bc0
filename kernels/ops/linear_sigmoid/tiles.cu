// Linear + sigmoid, the head of a generator of pixels in [0, 1].
#include "kernels/linear/activated.cuh"
#include "kernels/ops/linear_sigmoid/linear_sigmoid.h"

namespace duel {

template struct ActivatedVariants<LinearSigmoidForward<float>>;
template struct ActivatedVariants<LinearSigmoidBackward<float>>;

}  // namespace duel
