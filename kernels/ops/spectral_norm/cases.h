// Cases and bounds of spectral normalization.
#pragma once

#include "kernels/ops/spectral_norm/spectral_norm.h"
#include "kernels/verify/op_cases.h"

namespace duel::verify {

OpCases<SpectralNorm<double>, SpectralNorm<float>> spectral_norm_cases();
OpCases<SpectralNormGradient<double>, SpectralNormGradient<float>> spectral_norm_gradient_cases();

}  // namespace duel::verify
