// The gradient penalties that D's loss may have.
#pragma once

#include <array>
#include <tuple>

#include "kernels/penalties/r1.h"
#include "kernels/penalties/unit_norm.h"
#include "kernels/unit_list.h"

namespace duel {

/// All of them: settings, names and cases of the lab follow from this list.
using Penalties = std::tuple<UnitNormPenalty,  //
                             R1Penalty>;

inline constexpr int kPenaltyCount = std::tuple_size_v<Penalties>;

/// Which penalty, as its place in the list.
enum class PenaltyKind : int {};

template <class Penalty>
constexpr PenaltyKind penalty_kind() {
  return PenaltyKind{place_in<Penalty, Penalties>()};
}

/// f(the penalty), where a kernel learns which from its arguments.
template <int kPlace = 0, class Function>
DUEL_DEVICE_INLINE auto with_penalty(PenaltyKind kind, Function f) {
  if constexpr (kPlace + 1 < kPenaltyCount) {
    if (kind != PenaltyKind{kPlace}) return with_penalty<kPlace + 1>(kind, f);
  }
  return f(std::tuple_element_t<kPlace, Penalties>{});
}

}  // namespace duel
