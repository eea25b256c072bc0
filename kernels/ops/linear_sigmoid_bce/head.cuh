// The kernels of the discriminator's head. `Sums` adds up a value of each thread, over a warp or over the block; thread
// 0 gets the total.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/device/column_sum.cuh"
#include "kernels/device/register_row.cuh"
#include "kernels/ops/linear_sigmoid_bce/linear_sigmoid_bce.h"
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
    score_kernel(const float* __restrict__ input, const float* __restrict__ weight, const float* __restrict__ bias,
                 float* __restrict__ score, int rows, int columns) {
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
  if (lane == 0) score[r] = sum + bias[0];
}

/// Who judges the scores: loss_kernel, or somebody before it.
enum class Judged { here, before };

template <class Sums, Judged kJudged, int kThreads>
__global__ void __launch_bounds__(kThreads)
    loss_kernel(const float* __restrict__ score, float* __restrict__ judgement, float* __restrict__ statistics,
                int rows, BatchLoss<float> batch) {
  float sum = 0.f, real = 0.f, generated = 0.f;
  for (int r = threadIdx.x; r < rows; r += kThreads) {
    with_loss(batch.losses.kind, [&](auto loss) {
      const float j = kJudged == Judged::before ? judgement[r] : loss.judgement(score[r]);
      if constexpr (kJudged == Judged::here) judgement[r] = j;
      sum += batch.term(loss, r, score[r], j).value;
      (r < batch.real_rows ? real : generated) += j;
    });
  }
  sum = Sums::template block<kThreads>(sum);
  real = Sums::template block<kThreads>(real);
  generated = Sums::template block<kThreads>(generated);
  if (threadIdx.x != 0) return;
  const int generated_rows = rows - batch.real_rows;
  statistics[kLoss] = sum;
  statistics[kMeanReal] = batch.real_rows > 0 ? real / static_cast<float>(batch.real_rows) : 0.f;
  statistics[kMeanGenerated] = generated_rows > 0 ? generated / static_cast<float>(generated_rows) : 0.f;
}

template <class Sums, int kThreads>
__global__ void __launch_bounds__(kThreads)
    d_score_kernel(const float* __restrict__ score, const float* __restrict__ judgement, float* __restrict__ d_score,
                   float* __restrict__ d_bias, int rows, BatchLoss<float> batch) {
  float sum = 0.f;
  for (int r = threadIdx.x; r < rows; r += kThreads) {
    const float d =
        with_loss(batch.losses.kind, [&](auto loss) { return batch.term(loss, r, score[r], judgement[r]).gradient; });
    d_score[r] = d;
    sum += d;
  }
  sum = Sums::template block<kThreads>(sum);
  if (d_bias && threadIdx.x == 0) d_bias[0] = sum;
}

template <int kThreads, int kColumns>
__global__ void __launch_bounds__(kThreads)
    head_gradients_kernel(const float* __restrict__ input, const float* __restrict__ weight,
                          const float* __restrict__ d_score, float* __restrict__ d_input, float* __restrict__ d_weight,
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
      if (d_weight) total.add_scaled(d_score[r], load_row<Sum::kWidth>(input + at, valid));
      if (d_input) store_row(d_input + at, w * d_score[r], valid, false);
    }
  }
  total = Sum::combine(partials, total);
  if (d_weight && valid > 0 && Sum::group() == 0) store_row(d_weight + c, total, valid, false);
}

/// score = x w + b, of kLanes threads for each row.
template <class Sums, int kLanes, int kWidth>
void launch_scores(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  launch(stream, {blocks_for(a.input.rows, kRowsPerBlock), kLanes * kRowsPerBlock}, score_kernel<Sums, kLanes, kWidth>,
         a.input.data, a.weight.data, a.bias.data, a.score.data, a.input.rows, a.input.columns);
}

/// Judgements and statistics of scores that are complete, by one block.
template <class Sums, Judged kJudged, int kThreads>
void launch_loss(const LinearSigmoidBceForward<float>& a, StreamView stream) {
  launch(stream, {1, kThreads}, loss_kernel<Sums, kJudged, kThreads>, a.score.data, a.judgement.data, a.statistics.data,
         a.input.rows, a.loss);
}

/// d_score and d_bias, by one block.
template <class Sums, int kThreads>
void launch_d_score(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  launch(stream, {1, kThreads}, d_score_kernel<Sums, kThreads>, a.score.data, a.judgement.data, a.d_score.data,
         a.d_bias.data, a.input.rows, a.loss);
}

/// d_input and d_weight, as far as they are asked for, of a d_score that is complete.
template <int kThreads, int kColumns>
void launch_head_gradients(const LinearSigmoidBceBackward<float>& a, StreamView stream) {
  if (!a.d_input && !a.d_weight) return;
  launch(stream, {blocks_for(a.input.columns, kColumns), kThreads}, head_gradients_kernel<kThreads, kColumns>,
         a.input.data, a.weight.data, a.d_score.data, a.d_input.data, a.d_weight.data, a.input.rows, a.input.columns);
}

}  // namespace duel
