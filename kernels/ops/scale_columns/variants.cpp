#include "kernels/levels/level_rows.h"

namespace duel {
namespace {

using Arguments = ScaleColumns<float>;

void validate(const Arguments& a) {
  constexpr auto op = "scale_columns";
  const int rows = a.gradient.rows, columns = a.gradient.columns;
  require(rows > 0 && columns > 0, op, "at least one feature and one sample");
  require_shape(op, "gradient", a.gradient, rows, columns);
  require_shape(op, "factor", a.factor, columns);
  require_shape(op, "output", a.output, rows, columns);
}

constexpr auto kVariants = level_rows<Arguments>();

}  // namespace

const Op<Arguments>& scale_columns_op() {
  static constexpr Op<Arguments> op{
      "scale_columns", kVariants,
      [](const Arguments& a) { return Flops{.others = 1.0 * a.output.rows * a.output.columns}; }, validate};
  return op;
}

}  // namespace duel
