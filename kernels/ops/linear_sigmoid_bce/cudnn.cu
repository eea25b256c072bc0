// The discriminator's head with cuBLASLt's product and cuDNN's sigmoid; bias, loss and statistics by ours.
#include "kernels/linear/cudnn.h"

#include "kernels/linear/epilogue.cuh"
#include "kernels/linear/library.h"
#include "kernels/ops/linear_sigmoid_bce/head.cuh"
#include "kernels/ops/linear_sigmoid_bce/launchers.h"

namespace duel {

bool linear_sigmoid_bce_forward_cudnn_supports(const LinearSigmoidBceForward<float>& a, const Device& device) {
  return facts_of(a.loss.losses.kind).judges_by_probability && supports_cudnn(device, a.score, a.judgement);
}

void linear_sigmoid_bce_forward_cudnn(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  const Matrix<const float> weight{a.weight.data, 1, a.weight.rows};
  const Matrix<float> score{a.score.data, a.score.rows, 1}, judgement{a.judgement.data, a.judgement.rows, 1};
  launch_library_product(output_product(a.input, weight, score), stream);
  launch_epilogue(score, score, AddBias{a.bias.data}, stream);
  launch_cudnn_activation(CudnnActivation::sigmoid, score, judgement, stream);
  launch_loss<OwnSums, Judged::before, kColumnThreads>(a, stream);
}

}  // namespace duel
