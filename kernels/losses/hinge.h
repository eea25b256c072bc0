// The hinge loss: D holds real images above 1 and generated ones below -1, and leaves alone what is beyond these
// margins; G pushes its images up. D minimises E max(0, 1 - D(x)) + E max(0, 1 + D(G(z))), G minimises -E D(G(z)).
// Source: J. Lim and J. Ye, Geometric GAN (2017), equations 12 and 13; T. Miyato et al., Spectral normalization for
// generative adversarial networks (2018), equations 16 and 17.
#pragma once

#include "kernels/losses/loss.h"

namespace duel {

struct Hinge : ScoreJudgement {
  static constexpr const char* kName = "hinge";
  static constexpr LossText kText{
      .about = "margins of 1 and -1",
      .judgement = "score",
      .unit = "distance to the margin",
      .of_discriminator =
          "Distance of D's score from the margins 1 and −1, as far as it falls short of them: D's is the "
          "sum of the means over real and generated images",
      .of_generator = "minus the mean of D(G(z))",
      .value_of_real = "min(0, D(x) − 1)",
      .value_of_generated = "min(0, −1 − D(G(z)))"};
  static constexpr double kDiscriminatorShare = 1;
  static constexpr bool kTakesLabel = false;
  static constexpr LossGoals kGoals{1, -1};

  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> real(T score, T, T) {
    return short_of_margin(1 - score, T(-1));
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generated(T score, T) {
    return short_of_margin(1 + score, T(1));
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generator(T score, T) {
    return {-score, T(-1)};
  }

 private:
  // At the margin the derivative is 0, as torch.nn.functional.relu has it. A NaN stays one.
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> short_of_margin(T distance, T slope) {
    if (distance > 0) return {distance, slope};
    if (distance <= 0) return {T(0), T(0)};
    return {distance, distance};
  }
};

}  // namespace duel
