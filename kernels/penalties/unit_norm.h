// The penalty of I. Gulrajani et al., Improved training of Wasserstein GANs (2017), WGAN-GP: gradients are drawn to
// norm 1 on the line between a real image and a generated one.
#pragma once

#include "kernels/penalties/penalty.h"

namespace duel {

struct UnitNormPenalty {
  static constexpr const char* kName = "gradient_penalty";
  static constexpr PenaltyText kText{
      .symbol = "LAMBDA",
      .help = "weight of WGAN-GP's penalty of D's gradients between real and generated images; 0: none"};

  template <class Value>
  DUEL_DEVICE_INLINE static Value point(const Value& real, const Value& generated, const Value& share) {
    return generated + share * (real - generated);
  }
  /// Where |g| is 0 it has no derivative: as torch.norm's, 0.
  template <class T>
  DUEL_DEVICE_INLINE static PenaltyTerm<T> of(T square) {
    const T norm = std::sqrt(square), distance = norm - 1;
    return {distance * distance, square == 0 ? T(0) : 2 * distance / norm};
  }
};

}  // namespace duel
