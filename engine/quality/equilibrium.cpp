#include "engine/quality/equilibrium.h"

#include <cmath>

namespace duel {

Equilibrium equilibrium_of(double real_label, GeneratorLoss loss) {
  const double d = real_label / 2, log_d = std::log(d), log_rest = std::log1p(-d);
  return {.probability = d,
          .discriminator_loss = -(real_label * log_d + (2 - real_label) * log_rest) / 2,
          .generator_loss = loss == GeneratorLoss::minimax ? log_rest : -log_d,
          .value = log_d + log_rest};
}

}  // namespace duel
