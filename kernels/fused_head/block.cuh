// One block of fused_head: 32 samples. Groups of threads share out the features of a sample.
#pragma once

#include "kernels/device/column_sum.cuh"
#include "kernels/fused/shapes.cuh"
#include "kernels/fused_head/fused_head.h"
#include "kernels/linear_sigmoid_bce/cross_entropy.cuh"

namespace duel {

template <int kThreads>
struct FusedHeadBlock {
  static constexpr int kColumns = 32;
  using Sum = ColumnSum<kThreads, kColumns>;
  using Row = typename Sum::Row;

  struct Shared {
    typename Sum::Partials partials;
  };

  static __host__ __device__ unsigned blocks(const FusedHead<float>& a) {
    return a.input ? tiles_over(a.input.columns, kColumns) : 0;
  }

  static __device__ __forceinline__ void run(const FusedHead<float>& a, unsigned block, Shared& shared) {
    const int columns = a.input.columns, c = static_cast<int>(block) * kColumns + Sum::column(), valid = columns - c;
    Row sum = Row::filled(0.f);
    if (valid > 0) {
      for (int f = Sum::group(); f < a.input.rows; f += Sum::kGroups) {
        sum.add_scaled(a.weight.data[f],
                       load_row<Sum::kWidth>(a.input.data + static_cast<std::size_t>(f) * columns + c, valid));
      }
    }
    const Row logits = Sum::combine(shared.partials, sum) + Row::filled(a.bias.data[0]);
    if (Sum::group() != 0) return;
#pragma unroll 1
    for (int i = 0; i < Sum::kWidth && i < valid; ++i) sample(a, c + i, logits.get(i));
  }

 private:
  static __device__ __forceinline__ void sample(const FusedHead<float>& a, int c, float logit) {
    const float p = sigmoid(logit);
    a.probability.data[c] = p;
    if (a.d_discriminator) {
      const RowGroup<float>& group = c < a.real_columns ? a.real : a.generated;
      a.discriminator_terms.data[c] = group.weight * cross_entropy(a.form, logit, p, group.label);
      a.d_discriminator.data[c] = group.weight * d_cross_entropy(a.form, p, group.label);
    }
    const int g = c - a.real_columns;
    if (a.d_generator && g >= 0) {
      a.generator_terms.data[g] = a.generator.weight * cross_entropy(a.form, logit, p, a.generator.label);
      a.d_generator.data[g] = a.generator.weight * d_cross_entropy(a.form, p, a.generator.label);
    }
  }
};

}  // namespace duel
