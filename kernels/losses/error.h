// What the losses of kernels/losses may be off by in floats, whichever they are.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/losses/losses.h"
#include "kernels/verify/bounds.h"

namespace duel::verify {

/// A sample as the reference judges it, and how far a kernel's may be from that.
struct JudgedSample {
  double score, judgement;
  double score_error, judgement_error;

  /// Of the judgement as it is written: below the smallest normal float it may be 0.
  double written_judgement_error() const { return judgement_error + 0x1p-126; }
};

/// Of a score that a kernel knows to `score_error`. Its judgement is then four roundings off, too: of an exponential, a
/// sum and a division; or exact, where the judgement no longer depends on the score.
inline JudgedSample judged(LossKind kind, double score, double score_error) {
  return with_loss(kind, [&](auto loss) {
    const double judgement = loss.judgement(score);
    const double change = std::max(std::abs(loss.judgement(score + score_error) - judgement),
                                   std::abs(loss.judgement(score - score_error) - judgement));
    const double roundings = change > 0 ? 4 * kRounding * std::abs(judgement) : 0;
    return JudgedSample{score, judgement, score_error, change + roundings};
  });
}

/// What term(loss, score, judgement) of weight 1 may be off by: its largest change over the sample's errors, and the
/// roundings of its own sums, whose parts are no larger than term and score together; a gradient below the smallest
/// normal float may be 0.
template <class Term>
LossTerm<double> term_error(LossKind kind, const JudgedSample& sample, Term term) {
  return with_loss(kind, [&](auto loss) {
    const bool is_probability = facts_of(kind).judges_by_probability;
    const LossTerm<double> exact = term(loss, sample.score, sample.judgement);
    const double size = std::abs(exact.value) + std::abs(sample.score) + 2;
    LossTerm<double> change{};
    for (const double score : {sample.score - sample.score_error, sample.score + sample.score_error}) {
      for (double judgement : {sample.judgement - sample.judgement_error, sample.judgement + sample.judgement_error}) {
        if (is_probability) judgement = std::clamp(judgement, 0.0, 1.0);
        const LossTerm<double> other = term(loss, score, judgement);
        change.value = std::max(change.value, std::abs(other.value - exact.value));
        change.gradient = std::max(change.gradient, std::abs(other.gradient - exact.gradient));
      }
    }
    return LossTerm<double>{change.value + 4 * kRounding * size,
                            change.gradient + 8 * kRounding * std::abs(exact.gradient) + 0x1p-126};
  });
}

inline LossTerm<double> discriminator_error(PlayerLosses<double> losses, const JudgedSample& sample, bool is_real) {
  const double weight = std::abs(std::exchange(losses.discriminator_weight, 1));
  const auto term = [&](auto loss, double score, double judgement) {
    return losses.discriminator(loss, score, judgement, is_real);
  };
  const LossTerm<double> error = term_error(losses.kind, sample, term);
  return {weight * error.value, weight * error.gradient};
}

inline LossTerm<double> generator_error(PlayerLosses<double> losses, const JudgedSample& sample) {
  const double weight = std::abs(std::exchange(losses.generator_weight, 1));
  const auto term = [&](auto loss, double score, double judgement) { return losses.generator(loss, score, judgement); };
  const LossTerm<double> error = term_error(losses.kind, sample, term);
  return {weight * error.value, weight * error.gradient};
}

}  // namespace duel::verify
