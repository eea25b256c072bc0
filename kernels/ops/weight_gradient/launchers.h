#pragma once

#include "kernels/ops/weight_gradient/weight_gradient.h"

namespace duel {

// Where the build has a library for products (kernels/libraries/library.h).
bool weight_gradient_library_supports(const WeightGradient<float>& arguments, const Device& device);
void weight_gradient_library(const WeightGradient<float>& arguments, StreamView stream);

}  // namespace duel
