// The only block of fused_losses.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/fused_losses/fused_losses.h"

namespace duel {

/// base^exponent of exponent >= 0, by squaring: pow() would take registers from every part of a level.
__device__ __forceinline__ double integer_power(double base, std::int64_t exponent) {
  double power = 1.0;
#pragma unroll 1
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) power *= base;
    base *= base;
  }
  return power;
}

/// Counts an update and computes its two corrections, in double.
__device__ __forceinline__ void advance_adam(AdamProgress& progress, double learning_rate, double beta1, double beta2) {
  const std::int64_t step = progress.step + 1;
  progress.step = step;
  progress.step_size = learning_rate / (1.0 - integer_power(beta1, step));
  progress.root_of_correction2 = sqrt(1.0 - integer_power(beta2, step));
}

template <int kThreads>
struct FusedLossesBlock {
  static __host__ __device__ unsigned blocks(const FusedLosses<float>& a) { return a.probability ? 1 : 0; }

  static __device__ __forceinline__ void run(const FusedLosses<float>& a) {
    const int columns = a.probability.rows, generated = columns - a.real_columns;
    const float real_sum = sum(a.probability, 0, a.real_columns);
    const float generated_sum = sum(a.probability, a.real_columns, columns);
    const float mean_real = a.real_columns > 0 ? real_sum / static_cast<float>(a.real_columns) : 0.f;
    const float mean_generated = generated > 0 ? generated_sum / static_cast<float>(generated) : 0.f;
    const float d_loss = a.discriminator_terms ? sum(a.discriminator_terms, 0, columns) : 0.f;
    const float g_loss = a.generator_terms ? sum(a.generator_terms, 0, generated) : 0.f;
    if (threadIdx.x != 0) return;
    if (a.discriminator_terms) {
      report(a.discriminator_statistics.data, d_loss, mean_real, mean_generated);
      advance_adam(a.discriminator.data[0], a.learning_rate, a.beta1, a.beta2);
    }
    if (a.generator_terms) {
      report(a.generator_statistics.data, g_loss, 0.f, mean_generated);
      advance_adam(a.generator.data[0], a.learning_rate, a.beta1, a.beta2);
    }
  }

 private:
  static __device__ __forceinline__ float sum(const Vector<const float>& values, int begin, int end) {
    float mine = 0.f;
    for (int i = begin + threadIdx.x; i < end; i += kThreads) mine += values.data[i];
    return block_sum<kThreads>(mine);
  }
  static __device__ __forceinline__ void report(float* statistics, float loss, float real, float generated) {
    statistics[kLoss] = loss;
    statistics[kMeanReal] = real;
    statistics[kMeanGenerated] = generated;
  }
};

}  // namespace duel
