// What the losses of kernels/losses/losses.h have in common. A loss is a struct of functions of D's score of a sample,
// the last layer's output as it is, and of its judgement, which is what D then says of the sample:
//
//   judgement(score)                what is reported as D(x) and D(G(z))
//   real(score, judgement, label)   of a real image in D's loss; D is to judge it as `label`, 1 or, smoothed, below
//   generated(score, judgement)     of a generated image in D's loss
//   generator(score, judgement)     of a generated image in G's loss
//
// The last three give a value and its derivative. Kernels call them with floats, references with doubles. What is known
// of a loss without a score:
//
//   kName, kText          its name everywhere, what people read
//   kDiscriminatorShare   what of the sum of its means over real and generated images D minimises: half of it, or all
//   kTakesLabel           whether `label` means anything to it
//   kGoals                the judgements that D's loss falls towards
#pragma once

#include <cmath>

#include "kernels/runtime/view.h"

namespace duel {

/// A sample's loss and its derivative with respect to the score.
template <class T>
struct LossTerm {
  T value, gradient;
};

/// How a loss is explained.
struct LossText {
  const char* about;               ///< "binary cross-entropy of ..."
  const char* judgement;           ///< what D(x) is: "probability to be real"
  const char* unit;                ///< of the losses: "nats"
  const char* of_discriminator;    ///< "Binary cross-entropy in nats: D's is the mean over real and generated images"
  const char* of_generator;        ///< what G's is: "of the generated ones"
  const char* value_of_real;       ///< minus D's loss of a real image with label 1: "log D(x)"
  const char* value_of_generated;  ///< minus D's loss of a generated image
};

/// What D is to say of real images, with a label of 1, and of generated ones. Infinite: its scores have no scale.
struct LossGoals {
  double real, generated;
};

/// Of losses that take the score for the logit of the probability that an image is real.
struct ProbabilityJudgement {
  static constexpr LossGoals kGoals{1, 0};

  template <class T>
  DUEL_DEVICE_INLINE static T judgement(T score) {
    return 1 / (1 + std::exp(-score));
  }
};

/// Of losses that take the score as it is.
struct ScoreJudgement {
  template <class T>
  DUEL_DEVICE_INLINE static T judgement(T score) {
    return score;
  }
};

}  // namespace duel
