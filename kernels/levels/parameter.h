// A parameter that a kernel has the gradient of, and updates at once, so that the gradient need not reach memory.
#pragma once

#include "kernels/optimizers/require.h"

namespace duel {

template <class T, int kRank>
struct TrainedParameter {
  View<T, kRank> value;                        ///< read and written; without an optimizer only read
  View<T, kRank> state[kMostOptimizerStates];  ///< as many as the optimizer has: read and written
  View<T, kRank> gradient;                     ///< written; absent: not kept
};

/// The optimizer of such parameters. `progress` has been advanced for this update; absent: nothing is updated, only
/// gradients are written.
struct ParameterOptimizer {
  Optimizer settings;
  Vector<const OptimizerProgress> progress;  ///< [1], read
  float limit = kNoLimit;                    ///< of the parameters' size after the update, above 0
};

/// What visitors call the tensors of a parameter.
struct TrainedParameterNames {
  const char *value, *state[kMostOptimizerStates], *gradient;
};
/// "weight", "weight_state_0", ..., "weight_gradient".
#define DUEL_PARAMETER_NAMES(name) \
  { name, {name "_state_0", name "_state_1"}, name "_gradient" }
inline constexpr TrainedParameterNames kWeightNames = DUEL_PARAMETER_NAMES("weight");
inline constexpr TrainedParameterNames kBiasNames = DUEL_PARAMETER_NAMES("bias");
inline constexpr TrainedParameterNames kGammaNames = DUEL_PARAMETER_NAMES("gamma");
inline constexpr TrainedParameterNames kBetaNames = DUEL_PARAMETER_NAMES("beta");
#undef DUEL_PARAMETER_NAMES

template <class T, int kRank, class Visitor>
void visit_parameter(TrainedParameter<T, kRank>& p, const ParameterOptimizer& optimizer, Visitor& visitor,
                     const TrainedParameterNames& names) {
  if (optimizer.progress) {
    visitor.updates(names.value, p.value);
  } else {
    visitor.reads(names.value, p.value);
  }
  for (int i = 0; i < kMostOptimizerStates; ++i) visitor.updates(names.state[i], p.state[i]);
  visitor.writes(names.gradient, p.gradient);
}

/// Throws std::invalid_argument that names the argument.
template <class T, int kRank>
void require_parameter(const char* op, const TrainedParameterNames& names, const TrainedParameter<T, kRank>& p,
                       const ParameterOptimizer& optimizer, int rows, int columns = 1) {
  if (!optimizer.progress) return require_shape(op, names.gradient, p.gradient, rows, columns);
  require_shape(op, names.value, p.value, rows, columns);
  optimizer.settings.with([&](const auto& unit) {
    for (std::size_t i = 0; i < std::size(unit.kStates); ++i) {
      require_shape(op, names.state[i], p.state[i], rows, columns);
    }
  });
  require_shape_if_present(op, names.gradient, p.gradient, rows, columns);
}

/// The same for the optimizer.
inline void require_optimizer(const char* op, const ParameterOptimizer& optimizer) {
  if (!optimizer.progress) return;
  require_shape(op, "progress", optimizer.progress, 1);
  require_settings(op, optimizer.settings);
  require_limit(op, optimizer.limit);
}

}  // namespace duel
