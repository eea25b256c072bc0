// A layer with all that may follow it, as one writes it first: a block owns one feature of the output, a row; its
// threads take the samples in turn, neighbours next to each other. With batch norm the row waits in shared memory for
// its mean and variance. Each value of x is loaded once for every feature, so memory traffic decides; tiles are the
// next step.
#include "kernels/device/block_sum.cuh"
#include "kernels/device/vector_math.cuh"
#include "kernels/external/kernel_file.h"
#include "kernels/ops/linear_forward/linear_forward.h"

namespace {

using Forward = duel::LinearForward<float>;
constexpr int kThreads = 64;
constexpr int kMostSamples = 1024;  // of a row in shared memory

// W x + b of a sample.
__device__ float linear(const Forward& a, int feature, int sample) {
  const int depth = a.input.rows, samples = a.input.columns;
  const float* w = a.weight.data + static_cast<std::size_t>(feature) * depth;
  float sum = 0.f;
  for (int k = 0; k < depth; ++k) sum += w[k] * a.input.data[static_cast<std::size_t>(k) * samples + sample];
  return sum + a.bias.data[feature];
}

// Mean and variance of a row.
struct Statistics {
  float mean, variance;
};

__device__ Statistics of_batch(const float* row, int samples) {
  float sum = 0.f;
  for (int sample = threadIdx.x; sample < samples; sample += kThreads) sum += row[sample];
  const float mean = duel::block_sum<kThreads>(sum) / static_cast<float>(samples);
  float squares = 0.f;
  for (int sample = threadIdx.x; sample < samples; sample += kThreads) {
    squares += (row[sample] - mean) * (row[sample] - mean);
  }
  return {mean, duel::block_sum<kThreads>(squares) / static_cast<float>(samples)};
}

// Moves the running averages of the block's feature, and leaves what the backward pass asks for.
__device__ void keep(const Forward& a, const Statistics& s, float inverse_deviation) {
  const int feature = blockIdx.x, samples = a.input.columns;
  a.inverse_deviation.data[feature] = inverse_deviation;
  if (a.momentum == 0.f) return;
  const float unbiased = samples > 1 ? static_cast<float>(samples) / static_cast<float>(samples - 1) : 1.f;
  float& mean = a.running_mean.data[feature];
  float& variance = a.running_variance.data[feature];
  mean = (1.f - a.momentum) * mean + a.momentum * s.mean;
  variance = (1.f - a.momentum) * variance + a.momentum * unbiased * s.variance;
}

// Activation of a sample's value, and the gradient of a head's score.
__device__ void store(const Forward& a, int sample, float value) {
  using Row = duel::RegisterRow<1>;
  const int feature = blockIdx.x;
  duel::with_activation(a.activation, a.slope, [&](auto f) {
    const Row y = f.value(Row::filled(value));
    a.output.data[static_cast<std::size_t>(feature) * a.output.columns + a.first_column + sample] = y.get(0);
    if (!a.head_weight) return;
    a.unit_gradient.data[static_cast<std::size_t>(feature) * a.input.columns + sample] =
        f.gradient(y, Row::filled(a.head_weight.data[feature])).get(0);
  });
}

__global__ void __launch_bounds__(kThreads) feature_kernel(Forward a) {
  __shared__ float row[kMostSamples];  // a thread reads back only what it wrote itself: no barriers for it
  const int feature = blockIdx.x, samples = a.input.columns;
  for (int sample = threadIdx.x; sample < samples; sample += kThreads) row[sample] = linear(a, feature, sample);
  if (a.gamma) {
    const bool takes_batch = a.statistics == duel::BatchStatistics::batch;
    const Statistics s = takes_batch ? of_batch(row, samples)
                                     : Statistics{a.running_mean.data[feature], a.running_variance.data[feature]};
    const float inverse_deviation = 1.f / sqrtf(s.variance + a.eps);
    for (int sample = threadIdx.x; sample < samples; sample += kThreads) {
      const float x = (row[sample] - s.mean) * inverse_deviation;
      if (takes_batch) a.normalized.data[static_cast<std::size_t>(feature) * samples + sample] = x;
      row[sample] = a.gamma.data[feature] * x + a.beta.data[feature];
    }
    if (takes_batch && threadIdx.x == 0) keep(a, s, inverse_deviation);
  }
  for (int sample = threadIdx.x; sample < samples; sample += kThreads) store(a, sample, row[sample]);
}

bool has_room(const Forward& a, const duel::Device&) {
  return a.input.columns <= kMostSamples;
}

void one_block_per_feature(const Forward& a, duel::StreamView stream) {
  duel::launch(stream, {static_cast<unsigned>(a.weight.rows), kThreads}, feature_kernel, a);
}

}  // namespace

extern "C" void duel_add_kernels(duel::KernelSelection& kernels) {
  kernels.add(duel::linear_forward_op(), {"one_block_per_feature", "a block owns a feature, a thread its samples",
                                          has_room, one_block_per_feature});
}
