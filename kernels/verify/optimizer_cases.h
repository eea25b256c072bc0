// Values and bounds of parameters that an optimizer updates.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "kernels/optimizers/optimizers.h"
#include "kernels/verify/host_tensors.h"
#include "kernels/verify/rounded.h"

namespace duel {

/// For comparisons with the reference: the counter exactly; the rates in double, where powers of libraries may differ
/// in the last bits.
inline bool agrees(const OptimizerProgress& actual, const OptimizerProgress& expected) {
  const auto close = [](double a, double b) { return std::isfinite(a) && std::abs(a - b) <= 1e-13 * std::abs(b); };
  return actual.step == expected.step && close(actual.rates[0], expected.rates[0]) &&
         close(actual.rates[1], expected.rates[1]);
}

namespace verify {

/// The optimizer's progress after `step` updates and the next one's advance().
template <class AnyOptimizer>
Vector<OptimizerProgress> progress_case(HostTensors& host, const AnyOptimizer& optimizer, std::int64_t step = 3) {
  OptimizerProgress progress{step, {0, 0}};
  optimizer.advance(progress, 5);
  return host.vector<OptimizerProgress>({progress});
}

/// States as some updates leave them, for gradients near 1e-3.
inline Matrix<double> state_case(HostTensors& host, const OptimizerState& state, int rows, int columns) {
  return state.may_be_negative ? host.uniform(rows, columns, -1e-3, 1e-3) : host.uniform(rows, columns, 1e-7, 1e-6);
}

/// Bounds of an updated parameter and its states under their names, from what they were before the update and from the
/// gradient, which may be off by `gradient_error`; absent: by nothing. `limit`: of the parameter's size.
template <class Unit, class Names, class View>
void set_update_bounds(Bounds& bounds, const std::string& name, const Names& state_names, const View& value,
                       const View* state, const double* gradient, const double* gradient_error, const Unit& optimizer,
                       const OptimizerProgress& progress, float limit) {
  constexpr int kStates = std::size(Unit::kStates);
  const auto step = optimizer.template step<Rounded>(progress);
  std::vector<double> value_error, state_errors[kStates];
  for (std::size_t i = 0; i < value.size(); ++i) {
    Rounded p = Rounded::exact(value.data[i]), states[kStates];
    for (int s = 0; s < kStates; ++s) states[s] = Rounded::exact(state[s].data[i]);
    step.update(p, states, Rounded(gradient[i], gradient_error ? gradient_error[i] : 0));
    value_error.push_back(within(p, limit).error);
    for (int s = 0; s < kStates; ++s) state_errors[s].push_back(states[s].error);
  }
  bounds.set(name, std::move(value_error));
  for (int s = 0; s < kStates; ++s) bounds.set(state_names(s), std::move(state_errors[s]));
}

}  // namespace verify
}  // namespace duel
