#include <array>

#include "kernels/ops/smallest_in_rows/launchers.h"

namespace duel {
namespace {

void validate(const SmallestInRows<float>& a) {
  constexpr auto op = "smallest_in_rows";
  require(a.values.rows > 0 && a.values.columns > 0, op, "at least one row and column of values");
  require_shape(op, "values", a.values, a.values.rows, a.values.columns);
  const int k = a.smallest.columns;
  require(a.smallest && k >= 1 && k <= kMostSmallest, op,
          "smallest of 1 to " + std::to_string(kMostSmallest) + " columns, not " + shape_text(a.smallest));
  require_shape(op, "smallest", a.smallest, a.values.rows, k);
  require_shape(op, "places", a.places, a.values.rows, k);
  require(a.first_column >= 0 && a.first_column <= kNoPlace - a.values.columns, op,
          "first_column from 0, and all columns below 2^31, not " + std::to_string(a.first_column));
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SmallestInRows<float>>{"one_thread_per_row",
                                   "a thread passes over runs of large values by vectors; wins on the CPU device",
                                   supports_cpu_device, smallest_in_rows_thread_per_row},
#endif
    Variant<SmallestInRows<float>>{"one_warp_per_row", "lanes keep the smallest they see in registers, then compete",
                                   supports_any_device, smallest_in_rows_warp_per_row},
};

}  // namespace

const Op<SmallestInRows<float>>& smallest_in_rows_op() {
  static constexpr Op<SmallestInRows<float>> op{
      "smallest_in_rows", kVariants,
      [](const SmallestInRows<float>& a) { return Flops{.others = 1.0 * a.values.rows * a.values.columns}; }, validate};
  return op;
}

}  // namespace duel
