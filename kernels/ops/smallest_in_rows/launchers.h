// The variants of smallest_in_rows, for its table.
#pragma once

#include "kernels/ops/smallest_in_rows/smallest_in_rows.h"

namespace duel {

void smallest_in_rows_warp_per_row(const SmallestInRows<float>& arguments, StreamView stream);
// Host builds only.
void smallest_in_rows_thread_per_row(const SmallestInRows<float>& arguments, StreamView stream);

}  // namespace duel
