// The variants of convolution_input_gradient, for its table.
#pragma once

#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"

namespace duel {

void convolution_input_gradient_direct(const ConvolutionInputGradient<float>& arguments, StreamView stream);
void convolution_input_gradient_tiles(const ConvolutionInputGradient<float>& arguments, StreamView stream);
// Host builds only.
void convolution_input_gradient_one_thread(const ConvolutionInputGradient<float>& arguments, StreamView stream);

}  // namespace duel
