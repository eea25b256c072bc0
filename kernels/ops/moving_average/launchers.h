// The variants of moving_average, for its table.
#pragma once

#include "kernels/ops/moving_average/moving_average.h"

namespace duel {

void moving_average_four_values_per_thread(const MovingAverage<float>& arguments, StreamView stream);
// Host builds only.
void moving_average_chunk_per_thread(const MovingAverage<float>& arguments, StreamView stream);

}  // namespace duel
