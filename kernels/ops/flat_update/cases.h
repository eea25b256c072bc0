// Cases and bounds of flat_update.
#pragma once

#include "kernels/ops/flat_update/flat_update.h"
#include "kernels/verify/op_cases.h"
#include "kernels/verify/optimizer_cases.h"

namespace duel::verify {

/// `count` parameters with gradients near 1e-3, as in training; `step` updates were done before.
template <class Unit>
FlatUpdate<double, Unit> flat_update_case(HostTensors& host, int count, std::int64_t step, const Unit& optimizer,
                                          float limit = kNoLimit) {
  FlatUpdate<double, Unit> a{};
  a.optimizer = optimizer;
  a.parameter = host.uniform(count, -1, 1);
  for (int s = 0; s < a.kStates; ++s) a.state[s] = {state_case(host, Unit::kStates[s], count, 1).data, count};
  a.gradient = host.uniform(count, -1e-3, 1e-3);
  a.progress = progress_case(host, optimizer, step);
  a.limit = limit;
  return a;
}

template <class Unit>
Bounds flat_update_bounds(const FlatUpdate<double, Unit>& before, const FlatUpdate<double, Unit>& /*after*/) {
  Bounds bounds;
  set_update_bounds(
      bounds, "parameter", [](int s) { return Unit::kStates[s].name; }, before.parameter, before.state,
      before.gradient.data, nullptr, before.optimizer, before.progress.data[0], before.limit);
  return bounds;
}

template <class Unit>
OpCases<FlatUpdate<double, Unit>, FlatUpdate<float, Unit>> flat_update_cases();

}  // namespace duel::verify
