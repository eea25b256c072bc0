#include <array>

#include "kernels/ops/linear_sigmoid_bce/launchers.h"

namespace duel {
namespace {

template <class Arguments>
void validate_common(std::string_view op, const Arguments& a) {
  const int batch = a.input.rows, in = a.input.columns;
  require(batch > 0 && in > 0, op, "at least one row and one input");
  require_shape(op, "input", a.input, batch, in);
  require_shape(op, "weight", a.weight, in);
  require_shape(op, "judgement", a.judgement, batch);
  const int real_rows = a.loss.real_rows, most = a.loss.player == LossOf::generator ? 0 : batch;
  require(real_rows >= 0 && real_rows <= most, op,
          "real_rows from 0 to " + std::to_string(most) + ", not " + std::to_string(real_rows));
}

void validate_forward(const LinearSigmoidBceForward<float>& a) {
  constexpr auto op = "linear_sigmoid_bce_forward";
  validate_common(op, a);
  require_shape(op, "bias", a.bias, 1);
  require_shape(op, "score", a.score, a.input.rows);
  require_shape(op, "statistics", a.statistics, kHeadStatistics);
}

void validate_backward(const LinearSigmoidBceBackward<float>& a) {
  constexpr auto op = "linear_sigmoid_bce_backward";
  validate_common(op, a);
  const int batch = a.input.rows, in = a.input.columns;
  require_shape(op, "score", a.score, batch);
  require_shape(op, "d_score", a.d_score, batch);
  require_shape_if_present(op, "d_input", a.d_input, batch, in);
  require_shape_if_present(op, "d_weight", a.d_weight, in);
  require_shape_if_present(op, "d_bias", a.d_bias, 1);
  require(static_cast<bool>(a.d_weight) == static_cast<bool>(a.d_bias), op, "d_weight and d_bias, or neither");
}

constexpr Tolerance kTolerance{32.f, "a sum of `depth` products, a loss, a sum over the batch"};

constexpr std::array kForward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearSigmoidBceForward<float>>{"one_thread_per_row",
                                            "a dot product per thread: no shuffles; wins on the CPU device",
                                            supports_cpu_device, linear_sigmoid_bce_forward_threads},
#endif
    Variant<LinearSigmoidBceForward<float>>{"one_warp_per_row",
                                            "a dot product per warp, then one block for the batch's statistics",
                                            supports_any_device, linear_sigmoid_bce_forward_warps},
};

constexpr std::array kBackward{
#ifdef DUEL_CPU_DEVICE
    Variant<LinearSigmoidBceBackward<float>>{
        "one_thread_per_column_tile", "one thread owns 64 columns over all rows: no barriers; wins on the CPU device",
        supports_cpu_device, linear_sigmoid_bce_backward_one_thread},
#endif
    Variant<LinearSigmoidBceBackward<float>>{"one_block_per_column_tile",
                                             "one block for dL/dscore, then a block per 32 columns for dx and dw",
                                             supports_any_device, linear_sigmoid_bce_backward_columns},
};

}  // namespace

const Op<LinearSigmoidBceForward<float>>& linear_sigmoid_bce_forward_op() {
  static constexpr Op<LinearSigmoidBceForward<float>> op{"linear_sigmoid_bce_forward", kForward, kTolerance,
                                                         validate_forward};
  return op;
}
const Op<LinearSigmoidBceBackward<float>>& linear_sigmoid_bce_backward_op() {
  static constexpr Op<LinearSigmoidBceBackward<float>> op{"linear_sigmoid_bce_backward", kBackward, kTolerance,
                                                          validate_backward};
  return op;
}

}  // namespace duel
