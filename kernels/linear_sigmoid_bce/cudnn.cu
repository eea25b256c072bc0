// The discriminator's head with cuBLASLt's product and cuDNN's sigmoid; bias, cross-entropy and statistics by ours.
#include "kernels/linear/cudnn.h"

#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/library.h"
#include "kernels/linear_sigmoid_bce/head.cuh"
#include "kernels/linear_sigmoid_bce/launchers.h"

namespace duel {

bool linear_sigmoid_bce_forward_cudnn_supports(const LinearSigmoidBceForward<float>& a, const Device& device) {
  return supports_cudnn(device, a.logit, a.probability);
}

void linear_sigmoid_bce_forward_cudnn(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  const Matrix<const float> weight{a.weight.data, 1, a.weight.rows};
  const Matrix<float> logit{a.logit.data, a.logit.rows, 1}, probability{a.probability.data, a.probability.rows, 1};
  launch_library_product(output_product(a.input, weight, logit), stream);
  launch_epilogue(logit, logit, AddBias{a.bias.data}, stream);
  launch_cudnn_activation(CudnnActivation::sigmoid, logit, probability, stream);
  launch_bce<OwnSums, Probability::given, kColumnThreads>(a, stream);
}

}  // namespace duel
