#include <array>

#include "kernels/ops/count_in_rows/launchers.h"

namespace duel {
namespace {

void validate(const CountInRows<float>& a) {
  constexpr auto op = "count_in_rows";
  require(a.values.rows > 0 && a.values.columns > 0, op, "at least one row and column of values");
  require_shape(op, "values", a.values, a.values.rows, a.values.columns);
  require_shape(op, "limits", a.limits, a.values.columns);
  require_shape(op, "counts", a.counts, a.values.rows);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<CountInRows<float>>{"one_thread_per_row", "a thread compares vectors; wins on the CPU device",
                                supports_cpu_device, count_in_rows_thread_per_row},
#endif
    Variant<CountInRows<float>>{"one_warp_per_row", "lanes count every 32nd column, then add up", supports_any_device,
                                count_in_rows_warp_per_row},
};

}  // namespace

const Op<CountInRows<float>>& count_in_rows_op() {
  static constexpr Op<CountInRows<float>> op{
      "count_in_rows", kVariants,
      [](const CountInRows<float>& a) { return Flops{.others = 1.0 * a.values.rows * a.values.columns}; }, validate};
  return op;
}

}  // namespace duel
