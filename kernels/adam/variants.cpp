#include <array>

#include "kernels/adam/launchers.h"

namespace duel {
namespace {

void validate(const AdamUpdate<float>& a) {
  constexpr auto op = "adam";
  const int count = a.parameter.rows;
  require(count > 0, op, "at least one parameter");
  require_shape(op, "parameter", a.parameter, count);
  require_shape(op, "first_moment", a.first_moment, count);
  require_shape(op, "second_moment", a.second_moment, count);
  require_shape(op, "gradient", a.gradient, count);
  require_shape(op, "progress", a.progress, 1);
  require(a.learning_rate >= 0, op, "learning_rate >= 0");
  require(a.beta1 >= 0 && a.beta1 < 1 && a.beta2 >= 0 && a.beta2 < 1, op, "betas from 0 up to, not including, 1");
  require(a.eps > 0, op, "eps > 0");
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<AdamUpdate<float>>{"chunk_per_thread", "a long contiguous run per thread; wins on the CPU device",
                               supports_cpu_device, adam_chunk_per_thread},
#endif
    Variant<AdamUpdate<float>>{"four_values_per_thread", "one float4 of each array per thread, coalesced",
                               supports_any_device, adam_four_values_per_thread},
};

}  // namespace

const Op<AdamUpdate<float>>& adam_op() {
  static constexpr Op<AdamUpdate<float>> op{
      "adam", kVariants, {16.f, "a dozen elementwise operations with a root and two divisions"}, validate};
  return op;
}

}  // namespace duel
