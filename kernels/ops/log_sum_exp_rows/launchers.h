// The variants of log_sum_exp_rows, for its table.
#pragma once

#include "kernels/ops/log_sum_exp_rows/log_sum_exp_rows.h"

namespace duel {

void log_sum_exp_rows_warp_per_row(const LogSumExpRows<float>& arguments, StreamView stream);
// Host builds only.
void log_sum_exp_rows_thread_per_row(const LogSumExpRows<float>& arguments, StreamView stream);

}  // namespace duel
