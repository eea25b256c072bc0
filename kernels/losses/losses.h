// The losses of the game, and what both players minimise by one of them.
#pragma once

#include <array>
#include <tuple>
#include <type_traits>

#include "kernels/losses/clamped_cross_entropy.h"
#include "kernels/losses/cross_entropy.h"
#include "kernels/losses/hinge.h"
#include "kernels/losses/least_squares.h"
#include "kernels/losses/wasserstein.h"
#include "kernels/unit_list.h"

namespace duel {

/// All of them: settings, names, cases of the lab and reports follow from this list.
using Losses = std::tuple<CrossEntropy,  //
                          LeastSquares,  //
                          Hinge,         //
                          Wasserstein,   //
                          ClampedCrossEntropy>;

inline constexpr int kLossCount = std::tuple_size_v<Losses>;

/// Which loss, as its place in the list.
enum class LossKind : int {};

template <class Loss>
constexpr LossKind loss_kind() {
  return LossKind{place_in<Loss, Losses>()};
}

/// What is known of a loss without a score.
struct LossFacts {
  const char* name;
  LossText text;
  double discriminator_share;
  bool takes_label;
  LossGoals goals;
  bool judges_by_probability;  ///< else by the score
};

/// By LossKind.
inline constexpr auto kLossFacts = []<class... Loss>(const std::tuple<Loss...>*) {
  return std::array{LossFacts{Loss::kName, Loss::kText, Loss::kDiscriminatorShare, Loss::kTakesLabel, Loss::kGoals,
                              std::is_base_of_v<ProbabilityJudgement, Loss>}...};
}(static_cast<const Losses*>(nullptr));

constexpr const LossFacts& facts_of(LossKind kind) {
  return kLossFacts[static_cast<std::size_t>(kind)];
}

/// f(the loss), where a kernel learns which from its arguments.
template <int kPlace = 0, class Function>
DUEL_DEVICE_INLINE auto with_loss(LossKind kind, Function f) {
  if constexpr (kPlace + 1 < kLossCount) {
    if (kind != LossKind{kPlace}) return with_loss<kPlace + 1>(kind, f);
  }
  return f(std::tuple_element_t<kPlace, Losses>{});
}

/// What G minimises. non_saturating: the loss's own `generator`. minimax: minus D's loss of generated images, so that
/// what one player loses the other gains.
enum class GeneratorLoss { non_saturating, minimax };

/// The losses of both players. A loss is the sum of its samples' terms, each times the player's weight.
template <class T>
struct PlayerLosses {
  LossKind kind{};
  T real_label = 1;  ///< of real images in D's loss; G always wants 1
  GeneratorLoss generator_loss = GeneratorLoss::non_saturating;
  T discriminator_weight = 1, generator_weight = 1;

  /// A sample's term in D's loss.
  template <class Loss>
  DUEL_DEVICE_INLINE LossTerm<T> discriminator(Loss, T score, T judgement, bool is_real) const {
    return times(discriminator_weight,
                 is_real ? Loss::real(score, judgement, real_label) : Loss::generated(score, judgement));
  }
  /// A generated sample's term in G's loss.
  template <class Loss>
  DUEL_DEVICE_INLINE LossTerm<T> generator(Loss, T score, T judgement) const {
    if (generator_loss == GeneratorLoss::minimax) return times(-generator_weight, Loss::generated(score, judgement));
    return times(generator_weight, Loss::generator(score, judgement));
  }

 private:
  DUEL_DEVICE_INLINE static LossTerm<T> times(T weight, const LossTerm<T>& term) {
    return {weight * term.value, weight * term.gradient};
  }
};

}  // namespace duel
