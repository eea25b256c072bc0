// Cases and bounds of class_rows.
#pragma once

#include "kernels/ops/class_rows/class_rows.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<ClassRows<double>, ClassRows<float>> class_rows_cases();

}  // namespace duel::verify
