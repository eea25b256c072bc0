#include <array>
#include <tuple>

#include "kernels/ops/flat_update/launchers.h"

namespace duel {
namespace {

template <class Unit>
void validate(const FlatUpdate<float, Unit>& a) {
  constexpr auto op = Unit::kName;
  const int count = a.parameter.rows;
  require(count > 0, op, "at least one parameter");
  require_shape(op, "parameter", a.parameter, count);
  for (int s = 0; s < a.kStates; ++s) require_shape(op, Unit::kStates[s].name, a.state[s], count);
  require_shape(op, "gradient", a.gradient, count);
  require_shape(op, "progress", a.progress, 1);
  Unit::visit_settings(a.optimizer, RequireSettings(op));
  require_limit(op, a.limit);
}

template <class Unit>
constexpr std::array kVariants{
#ifdef DUEL_CPU_DEVICE
    Variant<FlatUpdate<float, Unit>>{"chunk_per_thread", "a long contiguous run per thread; wins on the CPU device",
                                     supports_cpu_device, flat_update_chunk_per_thread<Unit>},
#endif
    Variant<FlatUpdate<float, Unit>>{"four_values_per_thread", "one float4 of each array per thread, coalesced",
                                     supports_any_device, flat_update_four_values_per_thread<Unit>},
};

// About six operations for each state of a parameter.
template <class Unit>
Flops flops(const FlatUpdate<float, Unit>& a) {
  return {.others = 6.0 * a.kStates * a.parameter.rows};
}

// Compiles the ops of every optimizer.
template <class... Units>
auto ops_of(std::tuple<Units...>) {
  return std::tuple{&flat_update_op<Units>...};
}

}  // namespace

template <class Unit>
const Op<FlatUpdate<float, Unit>>& flat_update_op() {
  static constexpr Op<FlatUpdate<float, Unit>> op{Unit::kName, kVariants<Unit>, flops<Unit>, validate<Unit>};
  return op;
}

[[maybe_unused]] extern const auto kFlatUpdateOps = ops_of(Optimizers());

}  // namespace duel
