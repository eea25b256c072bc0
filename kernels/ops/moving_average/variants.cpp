#include <array>

#include "kernels/ops/moving_average/launchers.h"

namespace duel {
namespace {

void validate(const MovingAverage<float>& a) {
  constexpr auto op = "moving_average";
  const int count = a.average.rows;
  require(count > 0, op, "at least one value");
  require_shape(op, "average", a.average, count);
  require_shape(op, "value", a.value, count);
  require_shape(op, "clock", a.clock, 1);
  require(a.decay >= 0 && a.decay < 1, op, "a decay from 0 up to, not including, 1");
  require(a.interval >= 1, op, "an interval of at least 1");
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<MovingAverage<float>>{"chunk_per_thread", "a long contiguous run per thread; wins on the CPU device",
                                  supports_cpu_device, moving_average_chunk_per_thread},
#endif
    Variant<MovingAverage<float>>{"four_values_per_thread", "four neighbouring values per thread", supports_any_device,
                                  moving_average_four_values_per_thread},
};

}  // namespace

const Op<MovingAverage<float>>& moving_average_op() {
  static constexpr Op<MovingAverage<float>> op{
      "moving_average", kVariants, [](const MovingAverage<float>& a) { return Flops{.others = 3.0 * a.average.rows}; },
      validate};
  return op;
}

}  // namespace duel
