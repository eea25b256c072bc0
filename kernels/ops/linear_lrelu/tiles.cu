// Linear + LeakyReLU.
#include "kernels/linear/activated.cuh"
#include "kernels/ops/linear_lrelu/linear_lrelu.h"

namespace duel {

inline LeakyRelu<float> activation_of(const LinearLreluForward<float>& a) {
  return {a.slope};
}
inline LeakyRelu<float> activation_of(const LinearLreluBackward<float>& a) {
  return {a.slope};
}

template struct ActivatedVariants<LinearLreluForward<float>>;
template struct ActivatedVariants<LinearLreluBackward<float>>;

}  // namespace duel
