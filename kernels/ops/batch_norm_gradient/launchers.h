#pragma once

#include "kernels/ops/batch_norm_gradient/batch_norm_gradient.h"

namespace duel {

bool batch_norm_gradient_parts_supports(const BatchNormGradient<float>& arguments, const Device& device);
void batch_norm_gradient_parts(const BatchNormGradient<float>& arguments, StreamView stream);
void batch_norm_gradient_channels(const BatchNormGradient<float>& arguments, StreamView stream);
void batch_norm_gradient_one_thread(const BatchNormGradient<float>& arguments, StreamView stream);  // host builds only

}  // namespace duel
