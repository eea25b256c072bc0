// The penalty R1 of L. Mescheder et al., Which training methods for GANs do actually converge? (2018): gradients are
// drawn to 0 at real images.
#pragma once

#include "kernels/penalties/penalty.h"

namespace duel {

struct R1Penalty {
  static constexpr const char* kName = "r1";
  static constexpr PenaltyText kText{.symbol = "GAMMA",
                                     .help = "weight of the penalty R1 of D's gradients at real images; 0: none"};

  template <class Value>
  DUEL_DEVICE_INLINE static Value point(const Value& real, const Value&, const Value&) {
    return real;
  }
  template <class T>
  DUEL_DEVICE_INLINE static PenaltyTerm<T> of(T square) {
    return {square / 2, T(1)};
  }
};

}  // namespace duel
