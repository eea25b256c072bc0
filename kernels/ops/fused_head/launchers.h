#pragma once

#include "kernels/ops/fused_head/fused_head.h"

namespace duel {

void fused_head_library(const FusedHead<float>& arguments, StreamView stream);  // kernels/libraries/library.h

}  // namespace duel
