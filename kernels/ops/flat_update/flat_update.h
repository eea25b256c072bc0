// An optimizer's update of one flat array: all parameters of a network. An op for each optimizer, under its name; what
// it computes says kernels/optimizers.
#pragma once

#include "kernels/optimizers/require.h"

namespace duel {

template <class T, class Unit>
struct FlatUpdate {
  static constexpr int kStates = std::size(Unit::kStates);

  Vector<T> parameter;       ///< p [n], read and written
  Vector<T> state[kStates];  ///< of each parameter [n], read and written
  Vector<const T> gradient;  ///< g [n], read
  Unit optimizer;
  Vector<const OptimizerProgress> progress;  ///< [1], read; advanced for this update
  float limit = kNoLimit;                    ///< of the size of p after the update, above 0
};

template <class Unit>
const Op<FlatUpdate<float, Unit>>& flat_update_op();

/// The same in double precision, on host memory.
template <class Unit>
void flat_update_reference(const FlatUpdate<double, Unit>& a) {
  constexpr int kStates = FlatUpdate<double, Unit>::kStates;
  const auto step = a.optimizer.template step<double>(a.progress.data[0]);
  for (std::size_t i = 0; i < a.parameter.size(); ++i) {
    double state[kStates];
    for (int s = 0; s < kStates; ++s) state[s] = a.state[s].data[i];
    step.update(a.parameter.data[i], state, a.gradient.data[i]);
    a.parameter.data[i] = within(a.parameter.data[i], a.limit);
    for (int s = 0; s < kStates; ++s) a.state[s].data[i] = state[s];
  }
}

/// Names every tensor of the arguments to a visitor: reads, or updates (reads and writes).
template <class T, class Unit, class Visitor>
void visit(FlatUpdate<T, Unit>& a, Visitor&& visitor) {
  visitor.updates("parameter", a.parameter);
  for (int s = 0; s < a.kStates; ++s) visitor.updates(Unit::kStates[s].name, a.state[s]);
  visitor.reads("gradient", a.gradient);
  visitor.reads("progress", a.progress);
}

}  // namespace duel
