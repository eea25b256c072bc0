// Cases and bounds of penalty_points and penalty_terms.
#pragma once

#include "kernels/ops/gradient_penalty/gradient_penalty.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<PenaltyPoints<double>, PenaltyPoints<float>> penalty_points_cases();
OpCases<PenaltyTerms<double>, PenaltyTerms<float>> penalty_terms_cases();

}  // namespace duel::verify
