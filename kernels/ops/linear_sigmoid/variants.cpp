#include "kernels/linear/activated.h"
#include "kernels/ops/linear_sigmoid/linear_sigmoid.h"

namespace duel {
namespace {

using Forward = LinearSigmoidForward<float>;
using Backward = LinearSigmoidBackward<float>;

void validate_forward(const Forward& a) {
  require_linear_forward("linear_sigmoid_forward", a);
}
void validate_backward(const Backward& a) {
  require_linear_backward("linear_sigmoid_backward", a);
}

constexpr Tolerance kTolerance{8.f, "a sum of `depth` products, then a bias and a sigmoid"};

}  // namespace

const Op<Forward>& linear_sigmoid_forward_op() {
  static constexpr Op<Forward> op{"linear_sigmoid_forward", kActivatedForward<Forward>, kTolerance, validate_forward};
  return op;
}
const Op<Backward>& linear_sigmoid_backward_op() {
  static constexpr Op<Backward> op{"linear_sigmoid_backward", kActivatedBackward<Backward>, kTolerance,
                                   validate_backward};
  return op;
}

}  // namespace duel
