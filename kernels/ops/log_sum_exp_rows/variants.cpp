#include <array>

#include "kernels/ops/log_sum_exp_rows/launchers.h"

namespace duel {
namespace {

void validate(const LogSumExpRows<float>& a) {
  constexpr auto op = "log_sum_exp_rows";
  require(a.values.rows > 0 && a.values.columns > 0, op, "at least one row and column of values");
  require(a.rates && a.rates.rows > 0, op, "at least one of rates");
  require_shape(op, "values", a.values, a.values.rows, a.values.columns);
  require_shape(op, "rates", a.rates, a.rates.rows);
  require_shape(op, "least", a.least, a.values.rows);
  require_shape(op, "sums", a.sums, a.values.rows, a.rates.rows);
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<LogSumExpRows<float>>{"one_thread_per_row", "a thread sums vectors of terms; wins on the CPU device",
                                  supports_cpu_device, log_sum_exp_rows_thread_per_row},
#endif
    Variant<LogSumExpRows<float>>{"one_warp_per_row", "lanes sum every 32nd term, a pass for each rate",
                                  supports_any_device, log_sum_exp_rows_warp_per_row},
};

}  // namespace

const Op<LogSumExpRows<float>>& log_sum_exp_rows_op() {
  // A difference, a product, a sum, and an exponential of about 12 operations, for each value and rate.
  static constexpr Op<LogSumExpRows<float>> op{
      "log_sum_exp_rows", kVariants,
      [](const LogSumExpRows<float>& a) {
        return Flops{.others = 15.0 * a.values.rows * a.values.columns * a.rates.rows};
      },
      validate};
  return op;
}

}  // namespace duel
