// A thread owns a sample, neighbouring threads neighbouring ones: its largest logit, the sum of exponentials, the
// probabilities, the gradient. With labels one block owns the whole batch, so that the statistics need no second
// kernel; a training batch is small.
#include "kernels/device/block_sum.cuh"
#include "kernels/ops/softmax_cross_entropy/launchers.h"
#include "kernels/runtime/launch.h"

namespace duel {
namespace {

// A sample's values of a matrix, class by class.
template <class T>
struct OfSample {
  T* data;
  std::size_t stride;

  __device__ __forceinline__ T& operator[](int c) const { return data[c * stride]; }
};

// Writes a sample's probabilities. Returns its largest logit and the sum of exp(a - largest). A NaN may get lost in the
// largest; its exponential is in the sum.
__device__ __forceinline__ float2 softmax(const OfSample<const float>& logits, const OfSample<float>& probabilities,
                                          int classes) {
  float largest = -INFINITY;
  for (int c = 0; c < classes; ++c) largest = fmaxf(largest, logits[c]);
  float sum = 0.f;
  for (int c = 0; c < classes; ++c) {
    const float e = expf(logits[c] - largest);
    probabilities[c] = e;
    sum += e;
  }
  for (int c = 0; c < classes; ++c) probabilities[c] /= sum;
  return make_float2(largest, sum);
}

__device__ __forceinline__ bool is_first_of_largest(const OfSample<const float>& logits, int classes, int label) {
  const float a = logits[label];
  bool is_it = true;
  for (int c = 0; c < classes; ++c) is_it &= c < label ? logits[c] < a : logits[c] <= a;
  return is_it;
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    softmax_cross_entropy_kernel(const __grid_constant__ SoftmaxCrossEntropy<float> a, int samples_per_block) {
  const int classes = a.logits.rows, samples = a.logits.columns;
  const auto stride = static_cast<std::size_t>(samples);
  const int begin = static_cast<int>(blockIdx.x) * samples_per_block;
  const int end = samples - begin < samples_per_block ? samples : begin + samples_per_block;
  float loss = 0.f, correct = 0.f;
  for (int s = begin + static_cast<int>(threadIdx.x); s < end; s += kThreads) {
    const OfSample<const float> logits{a.logits.data + s, stride};
    const OfSample<float> probabilities{a.probabilities.data + s, stride};
    const float2 scale = softmax(logits, probabilities, classes);
    if (!a.labels) continue;
    const int label = a.labels.data[s];
    loss += logf(scale.y) - (logits[label] - scale.x);
    correct += is_first_of_largest(logits, classes, label) ? 1.f : 0.f;
    if (!a.d_logits) continue;
    const OfSample<float> d_logits{a.d_logits.data + s, stride};
    for (int c = 0; c < classes; ++c) {
      d_logits[c] = (probabilities[c] - (c == label ? 1.f : 0.f)) / static_cast<float>(samples);
    }
  }
  if (!a.labels) return;
  loss = block_sum<kThreads>(loss);
  correct = block_sum<kThreads>(correct);
  if (threadIdx.x != 0) return;
  a.statistics.data[kMeanCrossEntropy] = loss / static_cast<float>(samples);
  a.statistics.data[kCorrectSamples] = correct;
}

template <int kThreads>
void launch_samples(const SoftmaxCrossEntropy<float>& a, int samples_per_block, StreamView stream) {
  const int samples = a.logits.columns, per_block = a.labels ? samples : samples_per_block;
  launch(stream, {blocks_for(static_cast<std::size_t>(samples), static_cast<std::size_t>(per_block)), kThreads},
         softmax_cross_entropy_kernel<kThreads>, a, per_block);
}

}  // namespace

void softmax_cross_entropy_lanes(const SoftmaxCrossEntropy<float>& a, StreamView stream) {
  launch_samples<128>(a, 128, stream);
}
#ifndef __CUDACC__
void softmax_cross_entropy_one_thread(const SoftmaxCrossEntropy<float>& a, StreamView stream) {
  launch_samples<1>(a, 64, stream);
}
#endif

}  // namespace duel
