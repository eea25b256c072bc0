// The only block of mean_losses.
#pragma once

#include "kernels/device/block_sum.cuh"
#include "kernels/ops/mean_losses/mean_losses.h"

namespace duel {

/// The sum of one value per thread over a block; thread 0 gets it.
struct OwnSum {
  template <int kThreads>
  static __device__ __forceinline__ float of_block(float value) {
    return block_sum<kThreads>(value);
  }
};

template <int kThreads, class Sum = OwnSum>
struct MeanLossesBlock {
  static __host__ __device__ unsigned blocks(const MeanLosses<float>& a) { return a.judgement ? 1 : 0; }

  static __device__ __forceinline__ void run(const MeanLosses<float>& a) {
    const int columns = a.judgement.rows, generated = columns - a.real_columns;
    const float real_sum = sum(a.judgement, 0, a.real_columns);
    const float generated_sum = sum(a.judgement, a.real_columns, columns);
    const float mean_real = a.real_columns > 0 ? real_sum / static_cast<float>(a.real_columns) : 0.f;
    const float mean_generated = generated > 0 ? generated_sum / static_cast<float>(generated) : 0.f;
    const int terms = a.discriminator_terms ? a.discriminator_terms.rows : 0;
    const float d_loss = terms > 0 ? sum(a.discriminator_terms, 0, columns) : 0.f;
    const float penalty = terms > columns ? sum(a.discriminator_terms, columns, terms) : 0.f;
    const float g_loss = a.generator_terms ? sum(a.generator_terms, 0, generated) : 0.f;
    if (threadIdx.x != 0) return;
    if (a.discriminator_terms) {
      report(a.discriminator_statistics.data, d_loss + penalty, mean_real, mean_generated, penalty);
      a.optimizer.advance(a.discriminator.data[0], a.clock.data->epoch);
    }
    if (a.generator_terms) {
      report(a.generator_statistics.data, g_loss, 0.f, mean_generated, 0.f);
      a.optimizer.advance(a.generator.data[0], a.clock.data->epoch);
    }
  }

 private:
  static __device__ __forceinline__ float sum(const Vector<const float>& values, int begin, int end) {
    float mine = 0.f;
    for (int i = begin + threadIdx.x; i < end; i += kThreads) mine += values.data[i];
    return Sum::template of_block<kThreads>(mine);
  }
  static __device__ __forceinline__ void report(float* statistics, float loss, float real, float generated,
                                                float penalty) {
    statistics[kLoss] = loss;
    statistics[kMeanReal] = real;
    statistics[kMeanGenerated] = generated;
    statistics[kPenalty] = penalty;
  }
};

}  // namespace duel
