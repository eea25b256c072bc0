// Cases and bounds of scale_columns.
#pragma once

#include "kernels/ops/scale_columns/scale_columns.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<ScaleColumns<double>, ScaleColumns<float>> scale_columns_cases();

}  // namespace duel::verify
