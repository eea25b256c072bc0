// The variants of convolution_weight_gradient, for its table.
#pragma once

#include "kernels/ops/convolution_weight_gradient/convolution_weight_gradient.h"

namespace duel {

/// The end of all variants: adds up the parts in their order, and a kernel's value from the taps that stand for it; the
/// bias's gradient; updates both.
void launch_merge(const ConvolutionWeightGradient<float>& arguments, const WeightProduct& product, StreamView stream);

void convolution_weight_gradient_direct(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
void convolution_weight_gradient_tiles(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
void convolution_weight_gradient_split_depth(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
void convolution_weight_gradient_tf32(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
void convolution_weight_gradient_bf16(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
void convolution_weight_gradient_fp16(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
// Host builds only.
void convolution_weight_gradient_one_thread(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
// Where products of blocks are there: kernels/libraries/library.h.
bool convolution_weight_gradient_library_supports(const ConvolutionWeightGradient<float>& arguments,
                                                  const Device& device);
void convolution_weight_gradient_library(const ConvolutionWeightGradient<float>& arguments, StreamView stream);
// Where the build has cuDNN.
bool convolution_weight_gradient_cudnn_supports(const ConvolutionWeightGradient<float>& arguments,
                                                const Device& device);
void convolution_weight_gradient_cudnn(const ConvolutionWeightGradient<float>& arguments, StreamView stream);

}  // namespace duel
