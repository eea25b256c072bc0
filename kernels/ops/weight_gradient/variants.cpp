#include "kernels/levels/level_rows.h"
#include "kernels/libraries/library.h"
#include "kernels/ops/weight_gradient/launchers.h"

namespace duel {
namespace {

using Arguments = WeightGradient<float>;

void validate(const Arguments& a) {
  constexpr auto op = "weight_gradient";
  const int out = a.d_linear.rows, in = a.input.rows, batch = a.input.columns;
  require(out > 0 && in > 0 && batch > 0, op, "at least one sample, input and output");
  require_shape(op, "d_linear", a.d_linear, out, batch);
  require_shape(op, "input", a.input, in, batch);
  require(a.without_bias >= 0 && a.without_bias <= batch, op,
          "without_bias from 0 to " + std::to_string(batch) + ", not " + std::to_string(a.without_bias));
  require_optimizer(op, a.optimizer);
  require_parameter(op, kWeightNames, a.weight, a.optimizer, out, in);
  require_parameter(op, kBiasNames, a.bias, a.optimizer, out);
}

constexpr auto kVariants = level_rows<Arguments>(
#ifdef DUEL_PRODUCT_LIBRARY
    Variant<Arguments>{DUEL_PRODUCT_LIBRARY,
                       "the library's product where the gradient is kept, then our update; to compare with",
                       weight_gradient_library_supports, weight_gradient_library}
#endif
);

// With an optimizer about six operations more for each of its states of a weight.
Flops flops(const Arguments& a) {
  const double weights = 1.0 * a.d_linear.rows * a.input.rows;
  const std::size_t states = a.optimizer.progress ? traits_of(a.optimizer.settings.kind).states.size() : 0;
  return {.products = 2 * weights * a.input.columns, .others = 6.0 * static_cast<double>(states) * weights};
}

}  // namespace

const Op<Arguments>& weight_gradient_op() {
  static constexpr Op<Arguments> op{"weight_gradient", kVariants, flops, validate};
  return op;
}

}  // namespace duel
