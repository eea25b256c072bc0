#include "kernels/convolution/passage_kernels.cuh"
#include "kernels/ops/convolution_input_gradient/finish.cuh"
#include "kernels/ops/convolution_input_gradient/launchers.h"

namespace duel {

void convolution_input_gradient_direct(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_direct_passage(a, stream);
}
void convolution_input_gradient_tiles(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_passage<GpuConvolutionShapes::Passage>(a, stream);
}
void convolution_input_gradient_split_depth(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_passage<SplitDepthConvolutionShapes::Passage>(a, stream);
}
#ifndef __CUDACC__
void convolution_input_gradient_one_thread(const ConvolutionInputGradient<float>& a, StreamView stream) {
  if (passage_of(a).to.channels <= CpuFewChannelsShapes::kMost) {
    return launch_passage<CpuFewChannelsShapes::Passage>(a, stream);
  }
  launch_passage<CpuConvolutionShapes::Passage>(a, stream);
}
#endif

}  // namespace duel
