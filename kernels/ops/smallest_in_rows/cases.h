// Cases of smallest_in_rows. Its results are exact.
#pragma once

#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<SmallestInRows<double>, SmallestInRows<float>> smallest_in_rows_cases();

}  // namespace duel::verify
