#pragma once

#include "kernels/ops/mean_losses/mean_losses.h"

namespace duel {

void mean_losses_cub(const MeanLosses<float>& arguments, StreamView stream);  // where the build has CUB

}  // namespace duel
