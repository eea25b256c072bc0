// Binary cross-entropy of a probability in 32 bits, as PyTorch's BCELoss computes it: each logarithm is at least -100,
// and the denominator of the derivative, p (1 - p), at least 1e-12. Source: torch.nn.BCELoss after torch.nn.Sigmoid.
#pragma once

#include "kernels/losses/cross_entropy.h"

namespace duel {

struct ClampedCrossEntropy : ProbabilityJudgement {
  static constexpr const char* kName = "clamped_cross_entropy";
  static constexpr LossText kText = [] {
    LossText text = kCrossEntropyText;
    text.about = "as PyTorch's BCELoss";
    return text;
  }();
  static constexpr double kDiscriminatorShare = 0.5;
  static constexpr bool kTakesLabel = true;

  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> real(T, T probability, T label) {
    const T log_p = clamp_log(std::log(probability)), log_q = clamp_log(std::log1p(-probability));
    const T d = probability - label, d_sigmoid = probability * (1 - probability);
    return {(label - 1) * log_q - label * log_p, d / (d_sigmoid > T(1e-12) ? d_sigmoid : T(1e-12)) * d_sigmoid};
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generated(T score, T probability) {
    return real(score, probability, T(0));
  }
  template <class T>
  DUEL_DEVICE_INLINE static LossTerm<T> generator(T score, T probability) {
    return real(score, probability, T(1));
  }

 private:
  // A NaN stays one, which fmax would turn into -100.
  template <class T>
  DUEL_DEVICE_INLINE static T clamp_log(T log) {
    return log < -100 ? T(-100) : log;
  }
};

}  // namespace duel
