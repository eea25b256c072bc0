#include "kernels/convolution/library_passage.cuh"
#include "kernels/ops/convolution_input_gradient/finish.cuh"
#include "kernels/ops/convolution_input_gradient/launchers.h"

namespace duel {

void convolution_input_gradient_library(const ConvolutionInputGradient<float>& a, StreamView stream) {
  launch_library_passage(a, stream);
}

}  // namespace duel
