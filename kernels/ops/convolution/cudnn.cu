#include "kernels/convolution/cudnn_passage.cuh"
#include "kernels/ops/convolution/finish.cuh"
#include "kernels/ops/convolution/launchers.h"

namespace duel {

bool convolution_cudnn_supports(const Convolution<float>& a, const Device& device) {
  return supports_cudnn_convolution(a, device, a.weight);
}

void convolution_cudnn(const Convolution<float>& a, StreamView stream) {
  launch_cudnn_passage(a, stream);
}

}  // namespace duel
