// Tiles by matrix instructions.
#include "kernels/convolution/passage_kernels.cuh"
#include "kernels/ops/convolution_input_gradient/finish.cuh"
#include "kernels/ops/convolution_input_gradient/launchers.h"

namespace duel {

void convolution_input_gradient_tf32(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_passage<MmaConvolutionShapes<Tf32>::Passage>(a, stream);
}
void convolution_input_gradient_bf16(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_passage<MmaConvolutionShapes<Bf16>::Passage>(a, stream);
}
void convolution_input_gradient_fp16(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_passage<MmaConvolutionShapes<Fp16>::Passage>(a, stream);
}

}  // namespace duel
