// Cases and bounds of transpose.
#pragma once

#include "kernels/ops/transpose/transpose.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<Transpose<double>, Transpose<float>> transpose_cases();

}  // namespace duel::verify
