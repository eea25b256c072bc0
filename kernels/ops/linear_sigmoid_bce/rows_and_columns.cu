// The discriminator's head. Forward: a warp (or a thread) owns a row and its dot product with w; then one block turns
// the batch's scores into judgements and the three statistics. Backward: one block writes dL/dscore, then blocks
// that own columns write dx and dw. The work is tiny (2 * batch * in FLOP each way); latency decides.
#include "kernels/ops/linear_sigmoid_bce/head.cuh"
#include "kernels/ops/linear_sigmoid_bce/launchers.h"

namespace duel {
namespace {

template <int kLanes, int kWidth, int kThreads>
void forward(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  launch_scores<OwnSums, kLanes, kWidth>(a, stream);
  launch_loss<OwnSums, Judged::here, kThreads>(a, stream);
}

template <int kThreads, int kColumns>
void backward(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  launch_d_score<OwnSums, kThreads>(a, stream);
  launch_head_gradients<kThreads, kColumns>(a, stream);
}

}  // namespace

void linear_sigmoid_bce_forward_warps(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  forward<32, 1, 256>(a, stream);
}
void linear_sigmoid_bce_backward_columns(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  backward<256, 32>(a, stream);
}

#ifndef __CUDACC__
void linear_sigmoid_bce_forward_threads(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  forward<1, 16, 1>(a, stream);
}
void linear_sigmoid_bce_backward_one_thread(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  backward<1, 64>(a, stream);
}
#endif

}  // namespace duel
