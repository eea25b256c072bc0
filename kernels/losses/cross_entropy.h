// Binary cross-entropy of the probability that D's score is the logit of, exact for any score. Source: I. Goodfellow
// et al., Generative adversarial nets (2014); torch.nn.BCEWithLogitsLoss.
#pragma once

#include "kernels/losses/loss.h"

namespace duel {

inline constexpr LossText kCrossEntropyText{
    .about = "binary cross-entropy",
    .judgement = "probability to be real",
    .unit = "nats",
    .of_discriminator = "Binary cross-entropy in nats: D's is the mean over real and generated images",
    .of_generator = "of the generated ones",
    .value_of_real = "log D(x)",
    .value_of_generated = "log(1 − D(G(z)))"};

struct CrossEntropy : ProbabilityJudgement {
  static constexpr const char* kName = "cross_entropy";
  static constexpr LossText kText = kCrossEntropyText;
  static constexpr double kDiscriminatorShare = 0.5;
  static constexpr bool kTakesLabel = true;

  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> real(T score, T probability, T label) {
    const T largest = score > 0 ? score : T(0);
    return {largest - score * label + std::log1p(std::exp(-std::abs(score))), probability - label};
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generated(T score, T probability) {
    return real(score, probability, T(0));
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generator(T score, T probability) {
    return real(score, probability, T(1));
  }
};

}  // namespace duel
