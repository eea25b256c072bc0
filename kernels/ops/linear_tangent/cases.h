// Cases and bounds of linear_tangent.
#pragma once

#include "kernels/ops/linear_tangent/linear_tangent.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<LinearTangent<double>, LinearTangent<float>> linear_tangent_cases();

}  // namespace duel::verify
