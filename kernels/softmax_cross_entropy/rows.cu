// A thread or a warp owns a row: its largest logit, the sum of exponentials, the probabilities, the gradient. With
// labels one block owns the whole batch, so that the statistics need no second kernel; a training batch is small. The
// thread wins where a row is short (10 classes), the warp where it is long.
#include "kernels/device/block_sum.cuh"
#include "kernels/runtime/launch.h"
#include "kernels/softmax_cross_entropy/launchers.h"

namespace duel {
namespace {

// ---- over the kLanes threads of a row: 1, or a whole warp; every lane gets the result ----

template <int kLanes>
__device__ __forceinline__ float row_sum(float value) {
  if constexpr (kLanes == 32) value = warp_sum(value);
  return value;
}
// A NaN that a lane begins with may get lost; its exponential is in the sum.
template <int kLanes>
__device__ __forceinline__ float row_max(float value) {
#pragma unroll
  for (int offset = kLanes / 2; offset > 0; offset /= 2) {
    value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, offset));
  }
  return value;
}
template <int kLanes>
__device__ __forceinline__ bool row_all(bool value) {
  if constexpr (kLanes == 32) value = __all_sync(0xffffffffu, value);
  return value;
}

// Writes a row's probabilities. Returns its largest logit and the sum of exp(a - largest).
template <int kLanes>
__device__ __forceinline__ float2 softmax_row(const float* __restrict__ logits, float* __restrict__ probabilities,
                                              int classes, int lane) {
  float largest = -INFINITY;
  for (int c = lane; c < classes; c += kLanes) largest = fmaxf(largest, logits[c]);
  largest = row_max<kLanes>(largest);
  float sum = 0.f;
  for (int c = lane; c < classes; c += kLanes) {
    const float e = expf(logits[c] - largest);
    probabilities[c] = e;
    sum += e;
  }
  sum = row_sum<kLanes>(sum);
  for (int c = lane; c < classes; c += kLanes) probabilities[c] /= sum;
  return make_float2(largest, sum);
}

template <int kLanes>
__device__ __forceinline__ bool is_first_of_largest(const float* __restrict__ logits, int classes, int label,
                                                    int lane) {
  const float a = logits[label];
  bool is_it = true;
  for (int c = lane; c < classes; c += kLanes) is_it &= c < label ? logits[c] < a : logits[c] <= a;
  return row_all<kLanes>(is_it);
}

template <int kLanes, int kThreads>
__global__ void __launch_bounds__(kThreads)
    softmax_cross_entropy_kernel(const float* __restrict__ all_logits, const std::uint8_t* __restrict__ labels,
                                 float* __restrict__ all_probabilities, float* __restrict__ all_d_logits,
                                 float* __restrict__ statistics, int rows, int classes) {
  constexpr int kRows = kThreads / kLanes;
  const int lane = threadIdx.x % kLanes;
  float loss = 0.f, correct = 0.f;
  for (int r = blockIdx.x * kRows + threadIdx.x / kLanes; r < rows; r += gridDim.x * kRows) {
    const std::size_t begin = static_cast<std::size_t>(r) * classes;
    const float* logits = all_logits + begin;
    float* probabilities = all_probabilities + begin;
    const float2 scale = softmax_row<kLanes>(logits, probabilities, classes, lane);
    if (!labels) continue;
    const int label = labels[r];
    const bool is_correct = is_first_of_largest<kLanes>(logits, classes, label, lane);
    if (lane == 0) {
      loss += logf(scale.y) - (logits[label] - scale.x);
      correct += is_correct ? 1.f : 0.f;
    }
    if (!all_d_logits) continue;
    for (int c = lane; c < classes; c += kLanes) {
      all_d_logits[begin + c] = (probabilities[c] - (c == label ? 1.f : 0.f)) / static_cast<float>(rows);
    }
  }
  if (!labels) return;
  loss = block_sum<kThreads>(loss);
  correct = block_sum<kThreads>(correct);
  if (threadIdx.x != 0) return;
  statistics[kMeanCrossEntropy] = loss / static_cast<float>(rows);
  statistics[kCorrectRows] = correct;
}

// With labels one block takes all rows, for the statistics.
template <int kLanes, int kThreads>
void launch_rows(const SoftmaxCrossEntropy<float>& a, int rows_per_block, StreamView stream) {
  const unsigned blocks = a.labels ? 1 : blocks_for(a.logits.rows, rows_per_block);
  launch(stream, {blocks, kThreads}, softmax_cross_entropy_kernel<kLanes, kThreads>, a.logits.data, a.labels.data,
         a.probabilities.data, a.d_logits.data, a.statistics.data, a.logits.rows, a.logits.columns);
}

}  // namespace

void softmax_cross_entropy_threads(const SoftmaxCrossEntropy<float>& a, StreamView stream) {
  launch_rows<1, 128>(a, 128, stream);
}
void softmax_cross_entropy_warps(const SoftmaxCrossEntropy<float>& a, StreamView stream) {
  launch_rows<32, 256>(a, 256 / 32, stream);
}
#ifndef __CUDACC__
void softmax_cross_entropy_one_thread(const SoftmaxCrossEntropy<float>& a, StreamView stream) {
  launch_rows<1, 1>(a, 64, stream);
}
#endif

}  // namespace duel
