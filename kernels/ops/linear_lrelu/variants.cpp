#include "kernels/linear/activated.h"
#include "kernels/ops/linear_lrelu/linear_lrelu.h"

namespace duel {
namespace {

using Forward = LinearLreluForward<float>;
using Backward = LinearLreluBackward<float>;

void validate_forward(const Forward& a) {
  require_linear_forward("linear_lrelu_forward", a);
}

void validate_backward(const Backward& a) {
  constexpr auto op = "linear_lrelu_backward";
  require_linear_backward(op, a);
  require_slope(op, a.slope);
}

constexpr Tolerance kTolerance{8.f, "a sum of `depth` products, then a bias and a factor"};

}  // namespace

const Op<Forward>& linear_lrelu_forward_op() {
  static constexpr Op<Forward> op{"linear_lrelu_forward", kActivatedForward<Forward>, kTolerance, validate_forward};
  return op;
}
const Op<Backward>& linear_lrelu_backward_op() {
  static constexpr Op<Backward> op{"linear_lrelu_backward", kActivatedBackward<Backward>, kTolerance,
                                   validate_backward};
  return op;
}

}  // namespace duel
