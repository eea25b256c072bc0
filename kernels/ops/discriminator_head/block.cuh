// One block of discriminator_head: 32 samples. Groups of threads share out the features of a sample.
#pragma once

#include "kernels/device/column_sum.cuh"
#include "kernels/levels/shapes.cuh"
#include "kernels/ops/discriminator_head/discriminator_head.h"

namespace duel {

template <class Loss>
__device__ __forceinline__ void write_sample(const DiscriminatorHead<float>& a, Loss loss, int c, float score) {
  const float judgement = loss.judgement(score);
  if (a.score) a.score.data[c] = score;
  a.judgement.data[c] = judgement;
  if (a.d_discriminator) {
    const LossTerm<float> term = a.losses.discriminator(loss, score, judgement, c < a.real_columns);
    a.discriminator_terms.data[c] = term.value;
    a.d_discriminator.data[c] = term.gradient;
  }
  const int g = c - a.real_columns;
  if (a.d_generator && g >= 0) {
    const LossTerm<float> term = a.losses.generator(loss, score, judgement);
    a.generator_terms.data[g] = term.value;
    a.d_generator.data[g] = term.gradient;
  }
}
/// All that is written of sample c, from its score.
__device__ __forceinline__ void judge_sample(const DiscriminatorHead<float>& a, int c, float score) {
  with_loss(a.losses.kind, [&](auto loss) { write_sample(a, loss, c, score); });
}

template <int kThreads>
struct DiscriminatorHeadBlock {
  static constexpr int kColumns = 32;
  using Sum = ColumnSum<kThreads, kColumns>;
  using Row = typename Sum::Row;

  struct Shared {
    typename Sum::Partials partials;
  };

  static __host__ __device__ unsigned blocks(const DiscriminatorHead<float>& a) {
    return a.input ? tiles_over(a.columns(), kColumns) : 0;
  }

  static __device__ __forceinline__ void run(const DiscriminatorHead<float>& a, unsigned block, Shared& shared) {
    const int stride = a.input.columns, c = static_cast<int>(block) * kColumns + Sum::column(), valid = a.columns() - c;
    Row sum = Row::filled(0.f);
    if (valid > 0) {
      for (int f = Sum::group(); f < a.input.rows; f += Sum::kGroups) {
        sum.add_scaled(a.weight.data[f],
                       load_row<Sum::kWidth>(a.input.data + static_cast<std::size_t>(f) * stride + c, valid));
      }
    }
    const Row scores = Sum::combine(shared.partials, sum) + Row::filled(a.bias.data[0]);
    if (Sum::group() != 0) return;
#pragma unroll 1
    for (int i = 0; i < Sum::kWidth && i < valid; ++i) judge_sample(a, c + i, scores.get(i));
  }
};

}  // namespace duel
