#pragma once

#include "kernels/ops/spectral_norm/spectral_norm.h"

namespace duel {

void spectral_norm_warps(const SpectralNorm<float>& arguments, StreamView stream);
void spectral_norm_one_thread(const SpectralNorm<float>& arguments, StreamView stream);  // host builds only

void spectral_norm_gradient_warps(const SpectralNormGradient<float>& arguments, StreamView stream);
void spectral_norm_gradient_one_thread(const SpectralNormGradient<float>& arguments,
                                       StreamView stream);  // host builds only

}  // namespace duel
