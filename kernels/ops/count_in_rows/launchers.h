// The variants of count_in_rows, for its table.
#pragma once

#include "kernels/ops/count_in_rows/count_in_rows.h"

namespace duel {

void count_in_rows_warp_per_row(const CountInRows<float>& arguments, StreamView stream);
// Host builds only.
void count_in_rows_thread_per_row(const CountInRows<float>& arguments, StreamView stream);

}  // namespace duel
