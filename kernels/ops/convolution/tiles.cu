#include "kernels/convolution/passage_kernels.cuh"
#include "kernels/ops/convolution/finish.cuh"
#include "kernels/ops/convolution/launchers.h"

namespace duel {

void convolution_direct(const Convolution<float>& a, StreamView stream) {
  launch_direct_passage(a, stream);
}
void convolution_tiles(const Convolution<float>& a, StreamView stream) {
  launch_passage<GpuConvolutionShapes::Passage>(a, stream);
}
void convolution_split_depth(const Convolution<float>& a, StreamView stream) {
  launch_passage<SplitDepthConvolutionShapes::Passage>(a, stream);
}
#ifndef __CUDACC__
void convolution_one_thread(const Convolution<float>& a, StreamView stream) {
  if (passage_of(a).to.channels <= CpuFewChannelsShapes::kMost) {
    return launch_passage<CpuFewChannelsShapes::Passage>(a, stream);
  }
  launch_passage<CpuConvolutionShapes::Passage>(a, stream);
}
#endif

}  // namespace duel
