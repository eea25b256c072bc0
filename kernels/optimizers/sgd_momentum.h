// Stochastic gradient descent with momentum, and a schedule of both its rates. Update number t, from 1, in epoch e,
// from 0:
//   rate     = max(learning_rate / decay^(t - 1), least_rate)
//   momentum = initial_momentum + (final_momentum - initial_momentum) min(e / (momentum_epochs - 1), 1)
//   v = momentum v - rate g;  p += v
// Source: pylearn2's Momentum, ExponentialDecay and MomentumAdjustor (start 1, saturate momentum_epochs, which counts
// epochs from 1). torch.optim.SGD keeps another velocity, v = momentum v + g, and takes the rate outside.
#pragma once

#include "kernels/optimizers/unit.h"

namespace duel {

struct SgdMomentum {
  double learning_rate = 0.1;
  double decay = 1.000004;                              ///< the rate's divisor, per update
  double least_rate = 1e-6;                             ///< the rate is never below it, unless it starts there
  double initial_momentum = 0.5, final_momentum = 0.7;  ///< from 0 to below 1
  int momentum_epochs = 250;                            ///< in the last of them momentum is final; 1: at once

  static constexpr const char* kName = "sgd_momentum";
  static constexpr const char* kPrefix = "sgd";
  static constexpr OptimizerState kStates[] = {{"velocity"}};

  template <class Self, class Visitor>
  static void visit_settings(Self& self, Visitor&& visit) {
    visit({"sgd_learning_rate", "RATE", "SGD's learning rate at first", "sgd_lr"}, self.learning_rate,
          Domain::at_least_0);
    visit({"sgd_decay", "D", "SGD's rate is divided by it at every update"}, self.decay, Domain::at_least_1);
    visit({"sgd_least_rate", "RATE", "SGD's rate never falls below it"}, self.least_rate, Domain::at_least_0);
    visit({"sgd_initial_momentum", "M", "SGD's momentum in the first epoch", "initial_momentum"}, self.initial_momentum,
          Domain::below_1);
    visit({"sgd_final_momentum", "M", "SGD's momentum from epoch --sgd-momentum-epochs on", "final_momentum"},
          self.final_momentum, Domain::below_1);
    visit({"sgd_momentum_epochs", "N", "epochs from the initial to the final momentum, linearly", "momentum_epochs"},
          self.momentum_epochs, 1, 1'000'000);
  }

  /// rates: rate, momentum.
  DUEL_DEVICE_INLINE void advance(OptimizerProgress& progress, std::uint64_t epoch) const {
    const double rate = learning_rate / integer_power(decay, progress.step);
    const double least = learning_rate < least_rate ? learning_rate : least_rate;
    const double epochs = momentum_epochs - 1, here = static_cast<double>(epoch);
    const double share = here < epochs ? here / epochs : 1.0;
    progress = {progress.step + 1,
                {rate < least ? least : rate, initial_momentum + (final_momentum - initial_momentum) * share}};
  }

  template <class T>
  struct Step {
    T rate, momentum;

    template <class Value>
    DUEL_DEVICE_INLINE void update(Value& p, Value* state, const Value& gradient) const {
      state[0] = state[0] * momentum - gradient * rate;
      p = p + state[0];
    }
  };
  template <class T>
  DUEL_DEVICE_INLINE Step<T> step(const OptimizerProgress& progress) const {
    return {static_cast<T>(progress.rates[0]), static_cast<T>(progress.rates[1])};
  }

  bool operator==(const SgdMomentum&) const = default;
};

}  // namespace duel
