#include "kernels/convolution/cudnn_passage.cuh"
#include "kernels/ops/convolution_input_gradient/finish.cuh"
#include "kernels/ops/convolution_input_gradient/launchers.h"

namespace duel {

bool convolution_input_gradient_cudnn_supports(const ConvolutionInputGradient<float>& a, const Device& device) {
  return supports_cudnn_convolution(a, device, a.weight);
}

void convolution_input_gradient_cudnn(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_cudnn_passage(a, stream);
}

}  // namespace duel
