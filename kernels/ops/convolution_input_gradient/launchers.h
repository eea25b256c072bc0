// The variants of convolution_input_gradient, for its table.
#pragma once

#include "kernels/ops/convolution_input_gradient/convolution_input_gradient.h"

namespace duel {

void convolution_input_gradient_direct(const ConvolutionInputGradient<float>& arguments, StreamView stream);
void convolution_input_gradient_tiles(const ConvolutionInputGradient<float>& arguments, StreamView stream);
void convolution_input_gradient_split_depth(const ConvolutionInputGradient<float>& arguments, StreamView stream);
void convolution_input_gradient_tf32(const ConvolutionInputGradient<float>& arguments, StreamView stream);
void convolution_input_gradient_bf16(const ConvolutionInputGradient<float>& arguments, StreamView stream);
void convolution_input_gradient_fp16(const ConvolutionInputGradient<float>& arguments, StreamView stream);
// Host builds only.
void convolution_input_gradient_one_thread(const ConvolutionInputGradient<float>& arguments, StreamView stream);
// Where products of blocks are there: kernels/libraries/library.h.
void convolution_input_gradient_library(const ConvolutionInputGradient<float>& arguments, StreamView stream);
// Where the build has cuDNN.
bool convolution_input_gradient_cudnn_supports(const ConvolutionInputGradient<float>& arguments, const Device& device);
void convolution_input_gradient_cudnn(const ConvolutionInputGradient<float>& arguments, StreamView stream);

}  // namespace duel
