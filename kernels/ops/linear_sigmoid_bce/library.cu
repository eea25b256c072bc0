// The discriminator's head with a library's products, as a linear layer with one output; the loss, its
// statistics and its derivative in our kernels.
#include "kernels/linear/library.h"

#include "kernels/linear/epilogue.cuh"
#include "kernels/ops/linear_sigmoid_bce/head.cuh"
#include "kernels/ops/linear_sigmoid_bce/launchers.h"

namespace duel {

void linear_sigmoid_bce_forward_library(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  const Matrix<const float> weight{a.weight.data, 1, a.weight.rows};
  const Matrix<float> score{a.score.data, a.score.rows, 1};
  launch_library_product(output_product(a.input, weight, score), stream);
  launch_epilogue(score, score, AddBias{a.bias.data}, stream);
  launch_loss<OwnSums, Judged::here, kColumnThreads>(a, stream);
}

void linear_sigmoid_bce_backward_library(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  launch_d_score<OwnSums, kColumnThreads>(a, stream);
  const Matrix<const float> weight{a.weight.data, 1, a.weight.rows}, d_score{a.d_score.data, a.d_score.rows, 1};
  const Matrix<float> d_weight{a.d_weight.data, 1, a.d_weight.rows};
  if (a.d_weight) launch_library_product(weight_gradient_product(d_score, a.input, d_weight), stream);
  if (a.d_input) launch_library_product(input_gradient_product(d_score, weight, a.d_input), stream);
}

}  // namespace duel
