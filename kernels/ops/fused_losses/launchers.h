#pragma once

#include "kernels/ops/fused_losses/fused_losses.h"

namespace duel {

void fused_losses_cub(const FusedLosses<float>& arguments, StreamView stream);  // where the build has CUB

}  // namespace duel
