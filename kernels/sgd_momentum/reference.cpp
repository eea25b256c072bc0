#include "kernels/sgd_momentum/sgd_momentum.h"

#include <algorithm>
#include <cmath>

namespace duel {

void sgd_momentum_reference(const SgdMomentum<double>& a) {
  const SgdSchedule& s = a.schedule;
  SgdProgress& progress = a.progress.data[0];
  progress.step += 1;
  const double rate = s.learning_rate / std::pow(s.decay, static_cast<double>(progress.step - 1));
  progress.learning_rate = std::max(rate, std::min(s.least_rate, s.learning_rate));
  const double epoch = static_cast<double>(a.clock.data[0].epoch), last = s.momentum_epochs - 1;
  const double share = last > 0 ? std::min(epoch / last, 1.0) : 1.0;
  progress.momentum = s.initial_momentum + (s.final_momentum - s.initial_momentum) * share;
  for (std::size_t i = 0; i < a.parameter.size(); ++i) {
    double& v = a.velocity.data[i];
    v = progress.momentum * v - progress.learning_rate * a.gradient.data[i];
    a.parameter.data[i] += v;
  }
}

}  // namespace duel
