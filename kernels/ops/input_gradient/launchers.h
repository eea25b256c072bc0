#pragma once

#include "kernels/ops/input_gradient/input_gradient.h"

namespace duel {

void input_gradient_library(const InputGradient<float>& arguments, StreamView stream);  // kernels/libraries/library.h

}  // namespace duel
