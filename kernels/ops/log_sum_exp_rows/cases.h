// Cases and bounds of log_sum_exp_rows.
#pragma once

#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

/// `before`: the arguments before the reference ran, `after`: after it.
Bounds log_sum_exp_rows_bounds(const LogSumExpRows<double>& before, const LogSumExpRows<double>& after);

OpCases<LogSumExpRows<double>, LogSumExpRows<float>> log_sum_exp_rows_cases();

}  // namespace duel::verify
