// Linear + tanh, the generator's head.
#include "kernels/linear/activated.cuh"
#include "kernels/ops/linear_tanh/linear_tanh.h"

namespace duel {

template struct ActivatedVariants<LinearTanhForward<float>>;
template struct ActivatedVariants<LinearTanhBackward<float>>;

}  // namespace duel
