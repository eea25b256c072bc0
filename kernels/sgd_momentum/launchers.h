// The variants of sgd_momentum, for its table.
#pragma once

#include "kernels/sgd_momentum/sgd_momentum.h"

namespace duel {

void sgd_momentum_four_values(const SgdMomentum<float>& arguments, StreamView stream);
void sgd_momentum_chunk_per_thread(const SgdMomentum<float>& arguments, StreamView stream);

}  // namespace duel
