// The variants of convolution, for its table.
#pragma once

#include "kernels/ops/convolution/convolution.h"

namespace duel {

void convolution_direct(const Convolution<float>& arguments, StreamView stream);
void convolution_tiles(const Convolution<float>& arguments, StreamView stream);
void convolution_split_depth(const Convolution<float>& arguments, StreamView stream);
void convolution_tf32(const Convolution<float>& arguments, StreamView stream);
void convolution_bf16(const Convolution<float>& arguments, StreamView stream);
void convolution_fp16(const Convolution<float>& arguments, StreamView stream);
void convolution_one_thread(const Convolution<float>& arguments, StreamView stream);  // host builds only
// Where products of blocks are there: kernels/libraries/library.h.
void convolution_library(const Convolution<float>& arguments, StreamView stream);
// Where the build has cuDNN.
bool convolution_cudnn_supports(const Convolution<float>& arguments, const Device& device);
void convolution_cudnn(const Convolution<float>& arguments, StreamView stream);

}  // namespace duel
