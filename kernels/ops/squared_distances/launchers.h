// The variants of squared_distances, for its table.
#pragma once

#include "kernels/ops/squared_distances/squared_distances.h"

namespace duel {

void squared_distances_tiles(const SquaredDistances<float>& arguments, StreamView stream);
// Host builds only.
void squared_distances_one_thread(const SquaredDistances<float>& arguments, StreamView stream);

}  // namespace duel
