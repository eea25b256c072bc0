// What the references of ops that update parameters share. Double precision, host memory.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels/levels/parameter.h"
#include "kernels/reference.h"

namespace duel {

/// Keeps the gradient where it is asked for; one update by the optimizer, if there is one.
template <int kRank>
void update_reference(const TrainedParameter<double, kRank>& p, const std::vector<double>& gradient,
                      const ParameterOptimizer& optimizer) {
  if (p.gradient) std::copy(gradient.begin(), gradient.end(), p.gradient.data);
  if (!optimizer.progress) return;
  const auto step = optimizer.settings.step<double>(optimizer.progress.data[0]);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    step.with([&](auto unit, const auto& unit_step) {
      constexpr int kStates = std::size(unit.kStates);
      double states[kStates];
      for (int s = 0; s < kStates; ++s) states[s] = p.state[s].data[i];
      unit_step.update(p.value.data[i], states, gradient[i]);
      p.value.data[i] = within(p.value.data[i], optimizer.limit);
      for (int s = 0; s < kStates; ++s) p.state[s].data[i] = states[s];
    });
  }
}

}  // namespace duel
