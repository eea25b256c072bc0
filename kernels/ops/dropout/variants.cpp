#include <array>

#include "kernels/ops/dropout/launchers.h"

namespace duel {
namespace {

void validate(const Dropout<float>& a) {
  constexpr auto op = "dropout";
  require(a.input.rows > 0 && a.input.columns > 0, op, "at least one row and column");
  require_shape(op, "input", a.input, a.input.rows, a.input.columns);
  require_shape(op, "output", a.output, a.input.rows, a.input.columns);
  require_mask(op, a.mask);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<Dropout<float>>{"run_per_thread", "a long contiguous run per thread; wins on the CPU device",
                            supports_cpu_device, dropout_run_per_thread},
#endif
    Variant<Dropout<float>>{"four_values_per_thread", "a call of Philox per thread", supports_any_device,
                            dropout_four_values},
};

}  // namespace

const Op<Dropout<float>>& dropout_op() {
  static constexpr Op<Dropout<float>> op{"dropout", kVariants, {3.f, "a reciprocal and a product"}, validate};
  return op;
}

}  // namespace duel
