// Cases and bounds of squared_distances.
#pragma once

#include "kernels/ops/squared_distances/squared_distances.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds squared_distances_bounds(const SquaredDistances<double>& a);

OpCases<SquaredDistances<double>, SquaredDistances<float>> squared_distances_cases();

}  // namespace duel::verify
