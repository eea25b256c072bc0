// Cases and bounds of latent_uniform.
#pragma once

#include "kernels/ops/latent_uniform/latent_uniform.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds latent_uniform_bounds(const LatentUniform<double>& a);

OpCases<LatentUniform<double>, LatentUniform<float>> latent_uniform_cases();

}  // namespace duel::verify
