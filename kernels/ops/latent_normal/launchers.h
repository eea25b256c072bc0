// The variants of latent_normal, for its table.
#pragma once

#include "kernels/ops/latent_normal/latent_normal.h"

namespace duel {

void latent_normal_box_muller(const LatentNormal<float>& arguments, StreamView stream);

}  // namespace duel
