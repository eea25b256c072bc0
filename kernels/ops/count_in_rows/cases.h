// Cases of count_in_rows. Its results are exact.
#pragma once

#include "kernels/ops/count_in_rows/count_in_rows.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<CountInRows<double>, CountInRows<float>> count_in_rows_cases();

}  // namespace duel::verify
