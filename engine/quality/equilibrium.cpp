#include "engine/quality/equilibrium.h"

#include <utility>

namespace duel {
namespace {

/// The ends of the scores with the smallest loss of D for an image that is as probably real as generated: from where it
/// falls no more to where it is larger again.
template <class Loss>
std::pair<double, double> best_scores(Loss loss, double real_label) {
  const auto sum_at = [&](double score) -> LossTerm<double> {
    const double judgement = loss.judgement(score);
    const LossTerm<double> real = loss.real(score, judgement, real_label), generated = loss.generated(score, judgement);
    return {real.value + generated.value, real.gradient + generated.gradient};
  };
  const auto first_where = [](auto has_passed) {
    double low = -100, high = 100;
    for (int i = 0; i < 100; ++i) {
      const double score = (low + high) / 2;
      (has_passed(score) ? high : low) = score;
    }
    return high;
  };
  const double least = first_where([&](double score) { return sum_at(score).gradient >= 0; });
  const double lowest = sum_at(least).value;
  return {least, first_where([&](double score) { return sum_at(score).value > lowest + 1e-12; })};
}

}  // namespace

Equilibrium equilibrium_of(LossKind kind, double real_label, GeneratorLoss generator_loss) {
  return with_loss(kind, [&](auto loss) {
    const auto [least, most] = best_scores(loss, real_label);
    const bool is_range = most - least > 1e-3;
    const double score = is_range ? (least + most) / 2 : least, judgement = loss.judgement(score);
    const double real = loss.real(score, judgement, real_label).value,
                 generated = loss.generated(score, judgement).value;
    const PlayerLosses<double> losses{.kind = kind, .generator_loss = generator_loss};
    return Equilibrium{.judgement = judgement,
                       .is_range = is_range,
                       .discriminator_loss = facts_of(kind).discriminator_share * (real + generated),
                       .generator_loss = losses.generator(loss, score, judgement).value,
                       .value = -loss.real(score, judgement, 1.0).value - generated};
  });
}

}  // namespace duel
