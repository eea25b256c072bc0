// The loss of a critic: D minimises E D(G(z)) - E D(x), G minimises -E D(G(z)). Minus D's loss is the Wasserstein-1
// distance of both distributions, as far as D is the best of the functions whose slope is nowhere above some K, times
// K: what keeps D's slope within limits is not the loss's business (TrainingConfig::weight_clip). Source: M. Arjovsky
// et al., Wasserstein generative adversarial networks (2017), algorithm 1.
#pragma once

#include <limits>

#include "kernels/losses/loss.h"

namespace duel {

struct Wasserstein : ScoreJudgement {
  static constexpr const char* kName = "wasserstein";
  static constexpr LossText kText{
      .about = "a critic's",
      .judgement = "score",
      .unit = "score",
      .of_discriminator = "Difference of D's mean scores: D's is that of generated images less that of real ones",
      .of_generator = "minus the mean of D(G(z))",
      .value_of_real = "D(x)",
      .value_of_generated = "−D(G(z))"};
  static constexpr double kDiscriminatorShare = 1;
  static constexpr bool kTakesLabel = false;
  static constexpr LossGoals kGoals{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> real(T score, T, T) {
    return {-score, T(-1)};
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generated(T score, T) {
    return {score, T(1)};
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generator(T score, T) {
    return {-score, T(-1)};
  }
};

}  // namespace duel
