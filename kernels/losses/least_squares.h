// Least squares: D regresses real images to 1 and generated ones to 0, G its images to 1. In the paper's words the
// 0-1 coding a = 0, b = c = 1 (b: the label), where D minimises E (D(x) - b)^2 / 2 + E (D(G(z)) - a)^2 / 2, whose
// halves are its share, and G minimises E (D(G(z)) - c)^2 / 2. Source: X. Mao et al., Least squares generative
// adversarial networks (2017), equations 2 and 9.
#pragma once

#include "kernels/losses/loss.h"

namespace duel {

struct LeastSquares : ScoreJudgement {
  static constexpr const char* kName = "least_squares";
  static constexpr LossText kText{
      .about = "LSGAN",
      .judgement = "score",
      .unit = "squared distance",
      .of_discriminator = "Squared distance of D's score from 1 and 0: D's is the mean over real and generated images",
      .of_generator = "half the mean of (D(G(z)) − 1)²",
      .value_of_real = "−(D(x) − 1)²",
      .value_of_generated = "−D(G(z))²"};
  static constexpr double kDiscriminatorShare = 0.5;
  static constexpr bool kTakesLabel = true;
  static constexpr LossGoals kGoals{1, 0};

  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> real(T score, T, T label) {
    const T d = score - label;
    return {d * d, 2 * d};
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generated(T score, T) {
    return {score * score, 2 * score};
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generator(T score, T) {
    const T d = score - 1;
    return {d * d / 2, d};
  }
};

}  // namespace duel
