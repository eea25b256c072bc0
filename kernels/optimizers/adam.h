// Adam with bias correction. Source: D. Kingma and J. Ba, Adam (2015), in the form of torch.optim.Adam:
//   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g²
//   p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
#pragma once

#include "kernels/optimizers/unit.h"

namespace duel {

struct Adam {
  double learning_rate = 2e-4;
  double beta1 = 0.5;
  double beta2 = 0.999;
  double eps = 1e-8;

  static constexpr const char* kName = "adam";
  static constexpr const char* kPrefix = "adam";
  static constexpr OptimizerState kStates[] = {{"exp_avg"}, {"exp_avg_sq", false}};

  template <class Self, class Visitor>
  static void visit_settings(Self& self, Visitor&& visit) {
    visit({"learning_rate", "RATE", "Adam's learning rate", "lr"}, self.learning_rate, Domain::at_least_0);
    visit({"beta1", "BETA", "Adam's decay of the first moment", "b1"}, self.beta1, Domain::below_1);
    visit({"beta2", "BETA", "Adam's decay of the second moment", "b2"}, self.beta2, Domain::below_1);
    visit({"adam_eps", "EPS", "Adam's eps"}, self.eps, Domain::above_0);
  }

  /// rates: lr / (1 - beta1^t), sqrt(1 - beta2^t).
  DUEL_DEVICE_INLINE void advance(OptimizerProgress& progress, std::uint64_t /*epoch*/) const {
    const std::int64_t step = progress.step + 1;
    progress = {step, {learning_rate / (1.0 - integer_power(beta1, step)), sqrt(1.0 - integer_power(beta2, step))}};
  }

  // The division by sqrt(1 - beta2^t) is left out of the root's denominator: scale and eps have it as a factor.
  template <class T>
  struct Step {
    T beta1, rest1, beta2, rest2, eps, scale;

    template <class Value>
    DUEL_DEVICE_INLINE void update(Value& p, Value* state, const Value& gradient) const {
      Value &m = state[0], &v = state[1];
      m = multiply_add(m, beta1, gradient * rest1);
      v = multiply_add(v, beta2, gradient * gradient * rest2);
      p = p - m * inverse_of_root_plus(v, eps) * scale;
    }
  };
  template <class T>
  DUEL_DEVICE_INLINE Step<T> step(const OptimizerProgress& progress) const {
    const T root = static_cast<T>(progress.rates[1]);
    return {static_cast<T>(beta1),       static_cast<T>(1.0 - beta1), static_cast<T>(beta2),
            static_cast<T>(1.0 - beta2), static_cast<T>(eps) * root,  static_cast<T>(progress.rates[0]) * root};
  }

  bool operator==(const Adam&) const = default;
};

}  // namespace duel
