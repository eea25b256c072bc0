// The losses of kernels/losses, for the cases of ops that take one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kernels/losses/losses.h"

namespace duel::verify {

/// The same, of floats: exact in both.
inline PlayerLosses<double> in_double(const PlayerLosses<float>& losses) {
  return {losses.kind, losses.real_label, losses.generator_loss, losses.discriminator_weight, losses.generator_weight};
}

/// Every loss of the list, as it is and with the settings that change it, and what to call that.
inline std::vector<std::pair<PlayerLosses<float>, std::string>> cases_of_losses() {
  std::vector<std::pair<PlayerLosses<float>, std::string>> cases;
  for (int place = 0; place < kLossCount; ++place) {
    const LossKind kind{place};
    const std::string name = facts_of(kind).name;
    cases.push_back({{.kind = kind}, name});
    const bool is_smoothed = facts_of(kind).takes_label;
    cases.push_back({{.kind = kind, .real_label = is_smoothed ? 0.9f : 1.f, .generator_loss = GeneratorLoss::minimax},
                     name + (is_smoothed ? ", smoothed, minimax" : ", minimax")});
  }
  return cases;
}

}  // namespace duel::verify
