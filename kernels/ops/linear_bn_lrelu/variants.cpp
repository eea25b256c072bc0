#include <array>

#include "kernels/linear/contract.h"
#include "kernels/ops/linear_bn_lrelu/launchers.h"

namespace duel {
namespace {

void validate_forward(const LinearBnLreluForward<float>& a) {
  constexpr auto op = "linear_bn_lrelu_forward";
  require_linear_forward(op, a);
  require(a.eps > 0, op, "eps > 0, not " + std::to_string(a.eps));
  require(a.momentum >= 0 && a.momentum <= 1, op, "momentum from 0 to 1, not " + std::to_string(a.momentum));
  require_slope(op, a.slope);
  const int batch = a.input.rows, out = a.weight.rows;
  require_shape(op, "gamma", a.gamma, out);
  require_shape(op, "beta", a.beta, out);
  require_shape(op, "running_mean", a.running_mean, out);
  require_shape(op, "running_variance", a.running_variance, out);
  require_shape(op, "normalized", a.normalized, batch, out);
  require_shape(op, "inverse_deviation", a.inverse_deviation, out);
}

void validate_backward(const LinearBnLreluBackward<float>& a) {
  constexpr auto op = "linear_bn_lrelu_backward";
  require_linear_backward(op, a);
  require_slope(op, a.slope);
  const int batch = a.input.rows, in = a.input.columns, out = a.weight.rows;
  require_shape(op, "gamma", a.gamma, out);
  require_shape(op, "normalized", a.normalized, batch, out);
  require_shape(op, "inverse_deviation", a.inverse_deviation, out);
  require_shape(op, "d_weight", a.d_weight, out, in);
  require_shape(op, "d_bias", a.d_bias, out);
  require_shape(op, "d_gamma", a.d_gamma, out);
  require_shape(op, "d_beta", a.d_beta, out);
}

constexpr Tolerance kTolerance{32.f, "a sum of `depth` products, then two sums over the batch, a root and a division"};

constexpr std::array kForward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearBnLreluForward<float>>{
        "one_thread_per_column_tile", "one thread owns 64 columns over all rows: no barriers; wins on the CPU device",
        supports_cpu_device, linear_bn_lrelu_forward_one_thread},
#endif
    Variant<LinearBnLreluForward<float>>{"one_block_per_column_tile",
                                         "a block owns 32 columns over all rows: statistics without a second kernel",
                                         supports_any_device, linear_bn_lrelu_forward_tiles},
};

constexpr std::array kBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearBnLreluBackward<float>>{
        "one_thread_per_column_tile", "one thread owns 64 columns over all rows: no barriers; wins on the CPU device",
        supports_cpu_device, linear_bn_lrelu_backward_one_thread},
#endif
    Variant<LinearBnLreluBackward<float>>{"one_block_per_column_tile",
                                          "a block owns 32 columns over all rows, then tiles of dW and of dX",
                                          supports_any_device, linear_bn_lrelu_backward_tiles},
};

}  // namespace

const Op<LinearBnLreluForward<float>>& linear_bn_lrelu_forward_op() {
  static constexpr Op<LinearBnLreluForward<float>> op{"linear_bn_lrelu_forward", kForward, kTolerance,
                                                      validate_forward};
  return op;
}
const Op<LinearBnLreluBackward<float>>& linear_bn_lrelu_backward_op() {
  static constexpr Op<LinearBnLreluBackward<float>> op{"linear_bn_lrelu_backward", kBackward, kTolerance,
                                                       validate_backward};
  return op;
}

}  // namespace duel
