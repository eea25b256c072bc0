#pragma once

#include "kernels/ops/fused_gradient/fused_gradient.h"

namespace duel {

void fused_gradient_library(const FusedGradient<float>& arguments, StreamView stream);  // kernels/libraries/library.h

}  // namespace duel
