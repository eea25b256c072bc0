#pragma once

#include "kernels/ops/fused_dropout/fused_dropout.h"

namespace duel {

void fused_dropout_lanes(const FusedDropout<float>& arguments, StreamView stream);
void fused_dropout_one_thread(const FusedDropout<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
