// The discriminator's head. Forward: a warp (or a thread) owns a row and its dot product with w; then one block turns
// the batch's logits into probabilities and the three statistics. Backward: one block writes dL/dlogit, then blocks
// that own columns write dx and dw. The work is tiny (2 * batch * in FLOP each way); latency decides.
#include "kernels/device/block_sum.cuh"
#include "kernels/device/column_sum.cuh"
#include "kernels/linear_sigmoid_bce/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

constexpr int kRowsPerBlock = 4;

// Each of kLanes threads adds up its share of a row in kWidth partial sums.
template <int kLanes, int kWidth>
__global__ void __launch_bounds__(kLanes* kRowsPerBlock)
    logit_kernel(const float* __restrict__ input, const float* __restrict__ weight, const float* __restrict__ bias,
                 float* __restrict__ logit, int rows, int columns) {
  const int lane = threadIdx.x % kLanes, r = blockIdx.x * kRowsPerBlock + threadIdx.x / kLanes;
  if (r >= rows) return;  // whole warps leave: no warp is shared by two rows
  const float* x = input + static_cast<std::size_t>(r) * columns;
  auto partial = RegisterRow<kWidth>::filled(0.f);
  for (int c = lane * kWidth; c < columns; c += kLanes * kWidth) {
    partial = partial + load_row<kWidth>(x + c, columns - c) * load_row<kWidth>(weight + c, columns - c);
  }
  float sum = 0.f;
#pragma unroll
  for (int i = 0; i < kWidth; ++i) sum += partial.get(i);
  if constexpr (kLanes == 32) sum = warp_sum(sum);
  if (lane == 0) logit[r] = sum + bias[0];
}

struct Head {
  CrossEntropy form;
  int real_rows;
  RowGroup<float> real, generated;

  __device__ __forceinline__ const RowGroup<float>& group(int row) const { return row < real_rows ? real : generated; }
};

__device__ __forceinline__ float sigmoid(float a) {
  return 1.f / (1.f + expf(-a));
}

// As BCELoss does; a NaN stays one, which fmaxf would turn into -100.
__device__ __forceinline__ float clamp_log(float log_value) {
  return log_value < -100.f ? -100.f : log_value;
}

__device__ __forceinline__ float cross_entropy(CrossEntropy form, float logit, float probability, float label) {
  if (form == CrossEntropy::logits) return fmaxf(logit, 0.f) - logit * label + log1pf(expf(-fabsf(logit)));
  const float log_p = clamp_log(logf(probability)), log_q = clamp_log(log1pf(-probability));
  return (label - 1.f) * log_q - label * log_p;
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) bce_kernel(const float* __restrict__ logit, float* __restrict__ probability,
                                                       float* __restrict__ statistics, int rows, Head head) {
  float loss = 0.f, real = 0.f, generated = 0.f;
  for (int r = threadIdx.x; r < rows; r += kThreads) {
    const RowGroup<float>& group = head.group(r);
    const float p = sigmoid(logit[r]);
    probability[r] = p;
    loss += group.weight * cross_entropy(head.form, logit[r], p, group.label);
    (r < head.real_rows ? real : generated) += p;
  }
  loss = block_sum<kThreads>(loss);
  real = block_sum<kThreads>(real);
  generated = block_sum<kThreads>(generated);
  if (threadIdx.x != 0) return;
  const int generated_rows = rows - head.real_rows;
  statistics[kLoss] = loss;
  statistics[kMeanReal] = head.real_rows > 0 ? real / static_cast<float>(head.real_rows) : 0.f;
  statistics[kMeanGenerated] = generated_rows > 0 ? generated / static_cast<float>(generated_rows) : 0.f;
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    d_logit_kernel(const float* __restrict__ probability, float* __restrict__ d_logit, float* __restrict__ d_bias,
                   int rows, Head head) {
  float sum = 0.f;
  for (int r = threadIdx.x; r < rows; r += kThreads) {
    const RowGroup<float>& group = head.group(r);
    const float p = probability[r];
    float d = group.weight * (p - group.label);
    if (head.form == CrossEntropy::clamped) d = d / fmaxf(p * (1.f - p), 1e-12f) * (p * (1.f - p));
    d_logit[r] = d;
    sum += d;
  }
  sum = block_sum<kThreads>(sum);
  if (d_bias && threadIdx.x == 0) d_bias[0] = sum;
}

template <int kThreads, int kColumns>
__global__ void __launch_bounds__(kThreads)
    head_gradients_kernel(const float* __restrict__ input, const float* __restrict__ weight,
                          const float* __restrict__ d_logit, float* __restrict__ d_input, float* __restrict__ d_weight,
                          int rows, int columns) {
  using Sum = ColumnSum<kThreads, kColumns>;
  using Row = typename Sum::Row;
  __shared__ typename Sum::Partials partials;
  const int c = blockIdx.x * kColumns + Sum::column(), valid = columns - c;
  Row total = Row::filled(0.f);
  if (valid > 0) {
    const Row w = load_row<Sum::kWidth>(weight + c, valid);
    for (int r = Sum::group(); r < rows; r += Sum::kGroups) {
      const std::size_t at = static_cast<std::size_t>(r) * columns + c;
      if (d_weight) total.add_scaled(d_logit[r], load_row<Sum::kWidth>(input + at, valid));
      if (d_input) store_row(d_input + at, w * d_logit[r], valid, false);
    }
  }
  total = Sum::combine(partials, total);
  if (d_weight && valid > 0 && Sum::group() == 0) store_row(d_weight + c, total, valid, false);
}

template <int kLanes, int kWidth, int kThreads>
void forward(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  const int rows = a.input.rows;
  launch(stream, {blocks_for(rows, kRowsPerBlock), kLanes * kRowsPerBlock}, logit_kernel<kLanes, kWidth>, a.input.data,
         a.weight.data, a.bias.data, a.logit.data, rows, a.input.columns);
  launch(stream, {1, kThreads}, bce_kernel<kThreads>, a.logit.data, a.probability.data, a.statistics.data, rows,
         Head{a.form, a.real_rows, a.real, a.generated});
}

template <int kThreads, int kColumnThreads, int kColumns>
void backward(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  const int rows = a.input.rows, columns = a.input.columns;
  launch(stream, {1, kThreads}, d_logit_kernel<kThreads>, a.probability.data, a.d_logit.data, a.d_bias.data, rows,
         Head{a.form, a.real_rows, a.real, a.generated});
  if (!a.d_input && !a.d_weight) return;
  launch(stream, {blocks_for(columns, kColumns), kColumnThreads}, head_gradients_kernel<kColumnThreads, kColumns>,
         a.input.data, a.weight.data, a.d_logit.data, a.d_input.data, a.d_weight.data, rows, columns);
}

}  // namespace

void linear_sigmoid_bce_forward_warps(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  forward<32, 1, 256>(a, stream);
}
void linear_sigmoid_bce_forward_threads(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  forward<1, 16, 1>(a, stream);
}
void linear_sigmoid_bce_backward_columns(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  backward<256, 256, 32>(a, stream);
}

#ifndef __CUDACC__
void linear_sigmoid_bce_backward_one_thread(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  backward<1, 1, 64>(a, stream);
}
#endif

}  // namespace duel
