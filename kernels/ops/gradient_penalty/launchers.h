// The variants of penalty_points and penalty_terms, for their tables.
#pragma once

#include "kernels/ops/gradient_penalty/gradient_penalty.h"

namespace duel {

void penalty_points_lanes(const PenaltyPoints<float>& arguments, StreamView stream);
void penalty_terms_lanes(const PenaltyTerms<float>& arguments, StreamView stream);
// Host builds only.
void penalty_points_one_thread(const PenaltyPoints<float>& arguments, StreamView stream);
void penalty_terms_one_thread(const PenaltyTerms<float>& arguments, StreamView stream);

}  // namespace duel
