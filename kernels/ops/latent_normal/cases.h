// Cases and bounds of latent_normal.
#pragma once

#include "kernels/ops/latent_normal/latent_normal.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

Bounds latent_normal_bounds(const LatentNormal<double>& a);

OpCases<LatentNormal<double>, LatentNormal<float>> latent_normal_cases();

}  // namespace duel::verify
