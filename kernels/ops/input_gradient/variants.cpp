#include "kernels/levels/level_rows.h"
#include "kernels/libraries/library.h"
#include "kernels/ops/input_gradient/launchers.h"

namespace duel {
namespace {

using Arguments = InputGradient<float>;

void validate(const Arguments& a) {
  constexpr auto op = "input_gradient";
  const int out = a.weight.rows, in = a.in(), batch = a.batch();
  require(out > 0 && in > 0 && batch > 0, op, "at least one sample, input and output");
  require(a.first_column >= 0, op, "first_column >= 0, not " + std::to_string(a.first_column));
  require_columns(op, "weight", a.weight, out, in);
  require(a.below_column >= 0, op, "below_column >= 0, not " + std::to_string(a.below_column));
  require_columns(op, "d_linear", a.d_linear, out, a.first_column + batch);
  require_shape_if_present(op, "factor", a.factor, batch);
  require_columns(op, "output", a.output, in, a.first_column + batch);
  require_shape(op, "d_below", a.d_below, in, a.below_column + batch);
  if (a.below == Activation::leaky_relu) require(a.slope >= 0, op, "slope >= 0, not " + std::to_string(a.slope));
  if (!a.normalized) return;
  require(a.below == Activation::leaky_relu, op, "leaky_relu after batch norm");
  require(a.below_column == 0, op, "below_column 0 with batch norm");
  require_shape(op, "normalized", a.normalized, in, batch);
  require_shape(op, "inverse_deviation", a.inverse_deviation, in);
  require_optimizer(op, a.optimizer);
  require_shape(op, "gamma", a.gamma.value, in);
  require_parameter(op, kGammaNames, a.gamma, a.optimizer, in);
  require_parameter(op, kBetaNames, a.beta, a.optimizer, in);
}

constexpr auto kVariants = level_rows<Arguments>(
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<Arguments>{DUEL_PRODUCT_LIBRARY,
                       "the library's product, then a kernel of ours for all that follows; to compare with",
                       supports_product_library, input_gradient_library}
#endif
);

Flops flops(const Arguments& a) {
  return {.products = 2.0 * a.weight.rows * a.in() * a.batch()};
}

// The columns and the weights of others.
Bytes untouched(const Arguments& a) {
  const auto others = [&](const auto& matrix) {
    return matrix ? static_cast<double>(sizeof(float)) * matrix.rows * (matrix.columns - a.batch()) : 0.0;
  };
  return {.read = others(a.d_linear) + others(a.output) +
                  static_cast<double>(sizeof(float)) * a.weight.rows * (a.weight.columns - a.in()) +
                  (a.below_column > 0 ? static_cast<double>(a.d_below.bytes()) : 0.0),
          .written = others(a.d_below)};
}

}  // namespace

const Op<Arguments>& input_gradient_op() {
  static constexpr Op<Arguments> op{"input_gradient", kVariants, flops, validate, untouched};
  return op;
}

}  // namespace duel
