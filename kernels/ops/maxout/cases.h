// Cases and bounds of maxout.
#pragma once

#include "kernels/ops/maxout/maxout.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<MaxoutForward<double>, MaxoutForward<float>> maxout_forward_cases();
OpCases<MaxoutBackward<double>, MaxoutBackward<float>> maxout_backward_cases();
OpCases<MaxoutTangent<double>, MaxoutTangent<float>> maxout_tangent_cases();

}  // namespace duel::verify
