#include "kernels/linear/activated.h"
#include "kernels/ops/linear_tanh/linear_tanh.h"

namespace duel {
namespace {

using Forward = LinearTanhForward<float>;
using Backward = LinearTanhBackward<float>;

void validate_forward(const Forward& a) {
  require_linear_forward("linear_tanh_forward", a);
}
void validate_backward(const Backward& a) {
  require_linear_backward("linear_tanh_backward", a);
}

constexpr Tolerance kTolerance{8.f, "a sum of `depth` products, then a bias and tanh"};

constexpr auto kForward = kActivatedForward<Forward>;

}  // namespace

const Op<Forward>& linear_tanh_forward_op() {
  static constexpr Op<Forward> op{"linear_tanh_forward", kForward, kTolerance, validate_forward};
  return op;
}
const Op<Backward>& linear_tanh_backward_op() {
  static constexpr Op<Backward> op{"linear_tanh_backward", kActivatedBackward<Backward>, kTolerance, validate_backward};
  return op;
}

}  // namespace duel
