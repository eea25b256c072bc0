// The kernels of the discriminator's head. `Sums` adds up a value of each thread, over a warp or over the block; thread
// 0 gets the total.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/device/column_sum.cuh"
#include "kernels/linear_sigmoid_bce/cross_entropy.cuh"
#include "kernels/runtime/launch.h"

namespace duel {

/// Sums in the order of warp_sum() and block_sum().
struct OwnSums {
  static __device__ __forceinline__ float warp(float value) { return warp_sum(value); }
  template <int kThreads>
  static __device__ __forceinline__ float block(float value) {
    return block_sum<kThreads>(value);
  }
};

inline constexpr int kRowsPerBlock = 4;

// Each of kLanes threads adds up its share of a row in kWidth partial sums.
template <class Sums, int kLanes, int kWidth>
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
  if constexpr (kLanes == 32) sum = Sums::warp(sum);
  if (lane == 0) logit[r] = sum + bias[0];
}

struct Head {
  CrossEntropy form;
  int real_rows;
  RowGroup<float> real, generated;

  __device__ __forceinline__ const RowGroup<float>& group(int row) const { return row < real_rows ? real : generated; }
};

/// Who computes the probabilities: bce_kernel, or somebody before it.
enum class Probability { computed, given };

template <class Sums, Probability kProbability, int kThreads>
__global__ void __launch_bounds__(kThreads) bce_kernel(const float* __restrict__ logit, float* __restrict__ probability,
                                                       float* __restrict__ statistics, int rows, Head head) {
  float loss = 0.f, real = 0.f, generated = 0.f;
  for (int r = threadIdx.x; r < rows; r += kThreads) {
    const RowGroup<float>& group = head.group(r);
    const float p = kProbability == Probability::given ? probability[r] : sigmoid(logit[r]);
    if constexpr (kProbability == Probability::computed) probability[r] = p;
    loss += group.weight * cross_entropy(head.form, logit[r], p, group.label);
    (r < head.real_rows ? real : generated) += p;
  }
  loss = Sums::template block<kThreads>(loss);
  real = Sums::template block<kThreads>(real);
  generated = Sums::template block<kThreads>(generated);
  if (threadIdx.x != 0) return;
  const int generated_rows = rows - head.real_rows;
  statistics[kLoss] = loss;
  statistics[kMeanReal] = head.real_rows > 0 ? real / static_cast<float>(head.real_rows) : 0.f;
  statistics[kMeanGenerated] = generated_rows > 0 ? generated / static_cast<float>(generated_rows) : 0.f;
}

template <class Sums, int kThreads>
__global__ void __launch_bounds__(kThreads)
    d_logit_kernel(const float* __restrict__ probability, float* __restrict__ d_logit, float* __restrict__ d_bias,
                   int rows, Head head) {
  float sum = 0.f;
  for (int r = threadIdx.x; r < rows; r += kThreads) {
    const RowGroup<float>& group = head.group(r);
    const float p = probability[r];
    const float d = group.weight * d_cross_entropy(head.form, p, group.label);
    d_logit[r] = d;
    sum += d;
  }
  sum = Sums::template block<kThreads>(sum);
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

template <class Arguments>
Head head_of(const Arguments& a) {
  return {a.form, a.real_rows, a.real, a.generated};
}

/// logit = x w + b, of kLanes threads for each row.
template <class Sums, int kLanes, int kWidth>
void launch_logits(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.input.rows, kRowsPerBlock), kLanes * kRowsPerBlock}, logit_kernel<Sums, kLanes, kWidth>,
         a.input.data, a.weight.data, a.bias.data, a.logit.data, a.input.rows, a.input.columns);
}

/// Probabilities and statistics of logits that are complete, by one block.
template <class Sums, Probability kProbability, int kThreads>
void launch_bce(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  launch(stream, {1, kThreads}, bce_kernel<Sums, kProbability, kThreads>, a.logit.data, a.probability.data,
         a.statistics.data, a.input.rows, head_of(a));
}

/// d_logit and d_bias, by one block.
template <class Sums, int kThreads>
void launch_d_logit(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  launch(stream, {1, kThreads}, d_logit_kernel<Sums, kThreads>, a.probability.data, a.d_logit.data, a.d_bias.data,
         a.input.rows, head_of(a));
}

/// d_input and d_weight, as far as they are asked for, of a d_logit that is complete.
template <int kThreads, int kColumns>
void launch_head_gradients(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  if (!a.d_input && !a.d_weight) return;
  launch(stream, {blocks_for(a.input.columns, kColumns), kThreads}, head_gradients_kernel<kThreads, kColumns>,
         a.input.data, a.weight.data, a.d_logit.data, a.d_input.data, a.d_weight.data, a.input.rows, a.input.columns);
}

}  // namespace duel
