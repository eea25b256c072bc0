#include <array>

#include "kernels/sgd_momentum/launchers.h"

namespace duel {
namespace {

void validate(const SgdMomentum<float>& a) {
  constexpr auto op = "sgd_momentum";
  const int count = a.parameter.rows;
  const SgdSchedule& s = a.schedule;
  const auto is_momentum = [](double value) { return value >= 0 && value < 1; };
  require(count > 0, op, "at least one parameter");
  require_shape(op, "parameter", a.parameter, count);
  require_shape(op, "velocity", a.velocity, count);
  require_shape(op, "gradient", a.gradient, count);
  require_shape(op, "clock", a.clock, 1);
  require_shape(op, "progress", a.progress, 1);
  require(s.learning_rate >= 0 && s.least_rate >= 0, op, "learning_rate and least_rate >= 0");
  require(s.decay >= 1, op, "decay >= 1");
  require(is_momentum(s.initial_momentum) && is_momentum(s.final_momentum), op,
          "momentum from 0 up to, not including, 1");
  require(s.momentum_epochs >= 1, op, "momentum_epochs >= 1");
}

constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<SgdMomentum<float>>{"chunk_per_thread", "a long contiguous run per thread; wins on the CPU device",
                                supports_cpu_device, sgd_momentum_chunk_per_thread},
#endif
    Variant<SgdMomentum<float>>{"four_values_per_thread", "one float4 of each array per thread, coalesced",
                                supports_any_device, sgd_momentum_four_values},
};

}  // namespace

const Op<SgdMomentum<float>>& sgd_momentum_op() {
  static constexpr Op<SgdMomentum<float>> op{
      "sgd_momentum", kVariants, {4.f, "two rounded rates, two products and two sums"}, validate};
  return op;
}

}  // namespace duel
