// RMSprop: gradients over the root of their mean square. Source: T. Tieleman and G. Hinton, Neural Networks for Machine
// Learning, lecture 6.5 (2012), in the form of torch.optim.RMSprop with neither momentum nor centring:
//   v = alpha v + (1 - alpha) g²;  p -= lr g / (sqrt(v) + eps)
#pragma once

#include "kernels/optimizers/unit.h"

namespace duel {

struct Rmsprop {
  double learning_rate = 0.01;
  double alpha = 0.99;
  double eps = 1e-8;

  static constexpr const char* kName = "rmsprop";
  static constexpr const char* kPrefix = "rmsprop";
  static constexpr OptimizerState kStates[] = {{"square_avg", false}};

  template <class Self, class Visitor>
  static void visit_settings(Self& self, Visitor&& visit) {
    visit({"rmsprop_learning_rate", "RATE", "RMSprop's learning rate", "rmsprop_lr"}, self.learning_rate,
          Domain::at_least_0);
    visit({"rmsprop_alpha", "ALPHA", "RMSprop's decay of the mean square"}, self.alpha, Domain::below_1);
    visit({"rmsprop_eps", "EPS", "RMSprop's eps"}, self.eps, Domain::above_0);
  }

  /// rates: lr.
  DUEL_DEVICE_INLINE void advance(OptimizerProgress& progress, std::uint64_t /*epoch*/) const {
    progress = {progress.step + 1, {learning_rate, 0}};
  }

  template <class T>
  struct Step {
    T alpha, rest, eps, rate;

    template <class Value>
    DUEL_DEVICE_INLINE void update(Value& p, Value* state, const Value& gradient) const {
      Value& v = state[0];
      v = multiply_add(v, alpha, gradient * gradient * rest);
      p = p - gradient * inverse_of_root_plus(v, eps) * rate;
    }
  };
  template <class T>
  DUEL_DEVICE_INLINE Step<T> step(const OptimizerProgress& progress) const {
    return {static_cast<T>(alpha), static_cast<T>(1.0 - alpha), static_cast<T>(eps), static_cast<T>(progress.rates[0])};
  }

  bool operator==(const Rmsprop&) const = default;
};

}  // namespace duel
