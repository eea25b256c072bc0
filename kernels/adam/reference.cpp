#include <cmath>

#include "kernels/adam/adam.h"

namespace duel {

void adam_reference(const AdamUpdate<double>& a) {
  AdamProgress& progress = a.progress.data[0];
  progress.step += 1;
  const auto t = static_cast<double>(progress.step);
  progress.step_size = a.learning_rate / (1 - std::pow(a.beta1, t));
  progress.root_of_correction2 = std::sqrt(1 - std::pow(a.beta2, t));
  for (std::size_t i = 0; i < a.parameter.size(); ++i) {
    const double g = a.gradient.data[i];
    double& m = a.first_moment.data[i];
    double& v = a.second_moment.data[i];
    m = a.beta1 * m + (1 - a.beta1) * g;
    v = a.beta2 * v + (1 - a.beta2) * g * g;
    a.parameter.data[i] -= progress.step_size * m / (std::sqrt(v) / progress.root_of_correction2 + a.eps);
  }
}

}  // namespace duel
