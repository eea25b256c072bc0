#include "engine/quality/equilibrium.h"

namespace duel {
namespace {

/// Where D's loss of an image that is as probably real as generated falls no more. Losses are convex in the score.
template <class Loss>
double best_score(Loss loss, double real_label) {
  double low = -100, high = 100;
  for (int i = 0; i < 100; ++i) {
    const double score = (low + high) / 2, judgement = loss.judgement(score);
    const double slope = loss.real(score, judgement, real_label).gradient + loss.generated(score, judgement).gradient;
    (slope < 0 ? low : high) = score;
  }
  return high;
}

}  // namespace

Equilibrium equilibrium_of(LossKind kind, double real_label, GeneratorLoss generator_loss) {
  return with_loss(kind, [&](auto loss) {
    const double score = best_score(loss, real_label), judgement = loss.judgement(score);
    const double real = loss.real(score, judgement, real_label).value,
                 generated = loss.generated(score, judgement).value;
    const PlayerLosses<double> losses{.kind = kind, .generator_loss = generator_loss};
    return Equilibrium{.judgement = judgement,
                       .discriminator_loss = (real + generated) / 2,
                       .generator_loss = losses.generator(loss, score, judgement).value,
                       .value = -loss.real(score, judgement, 1.0).value - generated};
  });
}

}  // namespace duel
