// The variants of latent_uniform, for its table.
#pragma once

#include "kernels/ops/latent_uniform/latent_uniform.h"

namespace duel {

void latent_uniform_four_values(const LatentUniform<float>& arguments, StreamView stream);

}  // namespace duel
