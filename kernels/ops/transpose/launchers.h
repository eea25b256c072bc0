#pragma once

#include "kernels/ops/transpose/transpose.h"

namespace duel {

void transpose_shared_tiles(const Transpose<float>& arguments, StreamView stream);
void transpose_one_thread(const Transpose<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
